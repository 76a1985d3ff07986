"""The messages between the server and its workers, over a Unix socket."""

import struct
from typing import Dict, List, Optional, Tuple, Union

import msgspec

_LENGTH = struct.Struct("<I")


class Work(msgspec.Struct, array_like=True, gc=False):
    """A request on its way to a worker."""

    id: int
    deadline_ns: int
    """Monotonic time after which the request must no longer be started."""
    route: str
    content_type: str
    request_id: str
    trace: str
    body: bytes
    method: str = "POST"
    target: str = ""
    """Path and query; like the method, only filled together with the headers."""
    headers: Optional[List[Tuple[str, str]]] = None
    """All headers, for scripts that asked for them and for tensors."""
    alone: bool = False
    """Whether it must not be joined again: a joined call with it ended its worker."""


class Answer(msgspec.Struct, array_like=True, gc=False):
    """A worker's answer to one request."""

    id: int
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Optional[List[Tuple[str, str]]] = None
    run_ns: int = 0
    """Nanoseconds that `run` took; of the whole call, when requests were joined."""
    rows: int = 0
    """Rows in the call of `run` that this request was part of, when batching."""


class Ready(msgspec.Struct, tag="ready"):
    """A worker finished `init()`."""

    wants_headers: bool
    any_method: bool
    accepts: Optional[Tuple[str, ...]]
    """Media types of typed input; `None` leaves the choice to the settings."""
    documents: Dict[str, bytes]
    """Ready-made answers: OpenAPI 2 and 3, the page for clients, the V2 metadata."""


class Failed(msgspec.Struct, tag="failed"):
    """A worker could not load the script or `init()` raised."""

    cause: str
    traceback: str


class Answers(msgspec.Struct, tag="answers"):
    """Answers in the order in which they were made."""

    answers: List[Answer]


class Start(msgspec.Struct):
    """The only argument of a worker, as JSON."""

    socket: int
    progress: int
    log: int
    """The descriptor of the log; 1 and 2 are pipes to the server."""
    app_root: str
    entry_script: str
    service: str
    timeout_ms: int
    concurrent: int
    """Calls of `run` at a time in this worker; 0 for one in the main thread."""
    batch_rows: int
    """Most rows in a joined call; 0 joins none."""
    batch_wait_ms: int
    log_level: str


FromWorker = Union[Ready, Failed, Answers]

_encoder = msgspec.msgpack.Encoder()


def frame(message: object) -> bytearray:
    """Encode a message with its length in front."""
    framed = bytearray(_LENGTH.size)
    _encoder.encode_into(message, framed, _LENGTH.size)
    _LENGTH.pack_into(framed, 0, len(framed) - _LENGTH.size)
    return framed


class Frames:
    """Cuts a stream of bytes back into messages."""

    def __init__(self, kind: object) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._rest = bytearray()

    def feed(self, data: bytes) -> list:
        """Take what was read and return the messages that are complete."""
        rest = self._rest
        if rest:
            # Growing one buffer: a large message comes in many parts.
            rest += data
            data = rest
        complete = []
        start, size = 0, len(data)
        with memoryview(data) as view:
            while size - start >= _LENGTH.size:
                end = start + _LENGTH.size + _LENGTH.unpack_from(data, start)[0]
                if end > size:
                    break
                complete.append(self._decoder.decode(view[start + _LENGTH.size : end]))
                start = end
            if start or data is not rest:
                self._rest = bytearray(view[start:])
        return complete
