"""Log lines as JSON on standard output, written by a thread of their own.

A container runtime that stops reading must not stop the server: lines wait in a bounded queue and
are counted when they have to be dropped.
"""

import json
import logging
import os
import sys
import threading
import time
from collections import deque
from contextvars import ContextVar
from datetime import datetime, timezone

import msgspec

_current_request: ContextVar[tuple[str, str]] = ContextVar("current_request", default=("", ""))

_CAPACITY = 10_000
_PAUSE_S = 0.05
# Access lines tell the time to the millisecond; reading it for each takes a hundredth of a request.
_TICK_S = 0.001
_UTC = timezone.utc
# Access lines are encoded in groups of this size, while they are in the cache of the CPU.
_AT_ONCE = 32


class LogWriter:
    """Collects log lines and writes them in the background."""

    def __init__(self, file_descriptor: int = 1, level: str = "info") -> None:
        self._file_descriptor = file_descriptor
        self._lines: deque[object] = deque()
        self._texts: deque[tuple[bytes, int]] = deque()
        self._encoding = threading.Lock()
        self._level = logging.getLevelName(level.upper())
        self._wake = threading.Event()
        self._told, self._told_at = _now(), time.perf_counter()
        self._stopped = False
        self.dropped = 0
        self._thread = threading.Thread(target=self._write_all, name="logs", daemon=True)
        self._thread.start()

    def write(self, level: int, message: str, **fields: object) -> None:
        """Queue one line; the fields become members of its JSON object."""
        if level >= self._level:
            head = {"time": _now(), "level": logging.getLevelName(level), "message": message}
            self._queue(head | fields)

    def access(
        self, method: str, path: str, status: int, seconds: float, request_id: str, trace: str
    ) -> None:
        """Queue the line of an answered request; `trace` may be empty."""
        ms = int(seconds * 1e6) / 1e3  # cheaper than rounding
        clock = time.perf_counter()
        if clock - self._told_at > _TICK_S:
            self._told_at, self._told = clock, _now()
        line = AccessLine(self._told, "INFO", "request", method, path, status, ms, request_id)
        if trace:
            line.trace_id, line.parent_id = _ids_of(trace)
        self._queue(line)
        # Only access lines: `run` may be interrupted anywhere, also while it holds the lock. If
        # another thread is encoding, it takes this line too.
        if len(self._lines) >= _AT_ONCE and self._encoding.acquire(blocking=False):
            self._encode_lines()

    def info(self, message: str, **fields: object) -> None:
        """Queue a line of level INFO."""
        self.write(logging.INFO, message, **fields)

    def warning(self, message: str, **fields: object) -> None:
        """Queue a line of level WARNING."""
        self.write(logging.WARNING, message, **fields)

    def error(self, message: str, **fields: object) -> None:
        """Queue a line of level ERROR."""
        self.write(logging.ERROR, message, **fields)

    def close(self) -> None:
        """Write what is queued, for at most a second, and stop."""
        self._stopped = True
        self._wake.set()
        self._thread.join(timeout=1)

    def _queue(self, line: object) -> None:
        if len(self._lines) + len(self._texts) * _AT_ONCE >= _CAPACITY:
            self.dropped += 1
            return
        self._lines.append(line)
        if not self._wake.is_set():
            self._wake.set()

    def _write_all(self) -> None:
        while not self._stopped:
            self._wake.wait()
            self._wake.clear()
            self._flush()
            if not self._stopped:
                # Lines of busy moments share one system call.
                time.sleep(_PAUSE_S)
        self._flush()

    def _encode_lines(self) -> None:
        """Turn the lines into text, in their order; the caller holds `_encoding`."""
        try:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if lines:
                self._texts.append((_encode(lines), len(lines)))
        finally:
            self._encoding.release()

    def _flush(self) -> None:
        self._encoding.acquire()
        self._encode_lines()
        texts = [self._texts.popleft() for _ in range(len(self._texts))]
        if not self._write(b"".join([text for text, _ in texts])):
            # Nobody reads the output any more; serving goes on without it.
            self.dropped += sum(count for _, count in texts)

    def _write(self, text: bytes) -> bool:
        view = memoryview(text)
        while view:
            try:
                view = view[os.write(self._file_descriptor, view) :]
            except BlockingIOError:
                time.sleep(_PAUSE_S)
            except OSError:
                return False
        return True


class AccessLine(msgspec.Struct, omit_defaults=True, gc=False):
    """An answered request, as it stands in the log."""

    time: datetime
    level: str
    message: str
    method: str
    path: str
    status: int
    ms: float
    request_id: str
    trace_id: str = ""
    parent_id: str = ""


_encoder = msgspec.json.Encoder(enc_hook=str)


def _encode(lines: list) -> bytes:
    try:
        return _encoder.encode_lines(lines)
    except (UnicodeEncodeError, ValueError, RecursionError):
        return b"".join(_encode_any(line) for line in lines)


def _encode_any(line: object) -> bytes:
    """Encode a line that msgspec cannot: lone surrogates that a script printed, NaN as a key."""
    try:
        return _encoder.encode_lines([line])
    except (UnicodeEncodeError, ValueError, RecursionError):
        return json.dumps(msgspec.to_builtins(line), default=str).encode() + b"\n"


def _now() -> datetime:
    return datetime.now(_UTC)


def log_for(request_id: str, trace: str) -> None:
    """Let the lines that this thread or task logs from now on name the request."""
    _current_request.set((request_id, trace))


def current_ids() -> dict[str, str]:
    """Fields of a line that the script logs now."""
    return _id_fields(_current_request.get())


def _id_fields(ids: tuple[str, str]) -> dict[str, str]:
    request_id, trace = ids
    fields = {"request_id": request_id} if request_id else {}
    if trace:
        fields["trace_id"], fields["parent_id"] = _ids_of(trace)
    return fields


def _ids_of(trace: str) -> list[str]:
    # Version, trace id, parent id and flags of the W3C trace context.
    return trace.split("-")[1:3]


class LogHandler(logging.Handler):
    """Sends the records of `logging` to the writer."""

    def __init__(self, writer: LogWriter) -> None:
        super().__init__()
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the record."""
        fields = {"logger": record.name}
        fields |= _id_fields(getattr(record, "request_ids", None) or _current_request.get())
        if record.exc_info:
            fields["exception"] = logging.Formatter().formatException(record.exc_info)
        self._writer.write(record.levelno, record.getMessage(), **fields)


def fail(message: str, code: int) -> int:
    """Log why the server cannot run, and tell Kubernetes (the termination message)."""
    line = {
        "time": _now(),
        "level": "CRITICAL",
        "message": message,
        "exit_code": code,
    }
    sys.stderr.buffer.write(_encode([line]))
    sys.stderr.flush()
    _write_termination_message(message)
    return code


def _write_termination_message(message: str) -> None:
    path = os.environ.get("TERMINATION_MESSAGE_PATH", "/dev/termination-log")
    if not os.access(path, os.W_OK):
        return
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(message[:4096])
