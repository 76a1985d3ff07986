"""What is sent to a caller, before it becomes an HTTP response."""

import msgspec

JSON = "application/json"
Headers = list[tuple[str, str]]


class Reply(msgspec.Struct, gc=False):
    """An answer of the scoring port."""

    status: int
    content_type: str
    body: bytes
    headers: Headers | None = None
    """Headers of this answer alone; `responses.py` adds those of every answer."""
    run_ns: int = 0
    """How long `run` took, in nanoseconds; 0 if it was not called."""
    close: bool = False
    """Whether the connection cannot be used again."""
