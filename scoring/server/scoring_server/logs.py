"""Log lines as JSON on standard output, written by a thread of their own.

A container runtime that stops reading must not stop the server: lines wait in a bounded queue and
are counted when they have to be dropped.
"""

import logging
import os
import sys
import threading
import time
from collections import deque
from contextvars import ContextVar
from functools import lru_cache

import orjson

_current_request: ContextVar[tuple[str, str]] = ContextVar("current_request", default=("", ""))

_CAPACITY = 10_000
_PAUSE_S = 0.05


class LogWriter:
    """Collects log lines and writes them in the background."""

    def __init__(self, file_descriptor: int = 1, level: str = "info") -> None:
        self._file_descriptor = file_descriptor
        self._lines: deque[dict | tuple] = deque()
        self._level = logging.getLevelName(level.upper())
        self._wake = threading.Event()
        self._stopped = False
        self.dropped = 0
        self._thread = threading.Thread(target=self._write_all, name="logs", daemon=True)
        self._thread.start()

    def write(self, level: int, message: str, **fields: object) -> None:
        """Queue one line; the fields become members of its JSON object."""
        if level < self._level:
            return
        if len(self._lines) >= _CAPACITY:
            self.dropped += 1
            return
        fields["time"] = time.time()
        fields["level"] = logging.getLevelName(level)
        fields["message"] = message
        self._lines.append(fields)
        self._wake.set()

    def access(
        self, method: str, path: str, status: int, seconds: float, ids: tuple[str, str]
    ) -> None:
        """Queue the line of an answered request, as cheaply as can be.

        `ids` are the request's own and its trace context, which may be empty.
        """
        if len(self._lines) >= _CAPACITY:
            self.dropped += 1
            return
        self._lines.append((time.time(), method, path, status, seconds, ids))
        if not self._wake.is_set():
            self._wake.set()

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

    def _write_all(self) -> None:
        while not self._stopped:
            self._wake.wait()
            self._wake.clear()
            self._flush()
            if not self._stopped:
                # Lines of busy moments share one system call.
                time.sleep(_PAUSE_S)
        self._flush()

    def _flush(self) -> None:
        text = bytearray()
        for _ in range(len(self._lines)):
            text += _encode(self._lines.popleft())
        view = memoryview(text)
        while view:
            try:
                view = view[os.write(self._file_descriptor, view) :]
            except BlockingIOError:
                time.sleep(_PAUSE_S)
            except OSError:
                # Nobody reads the output any more; serving goes on without it.
                self.dropped += 1
                return


def _encode(line: dict | tuple) -> bytes:
    if isinstance(line, tuple):
        moment, method, path, status, seconds, ids = line
        line = {
            "time": _timestamp(moment),
            "level": "INFO",
            "message": "request",
            "method": method,
            "path": path,
            "status": status,
            "ms": round(seconds * 1000, 3),
            **_id_fields(ids),
        }
    else:
        line = {"time": _timestamp(line.pop("time")), **line}
    return orjson.dumps(line, default=str, option=orjson.OPT_APPEND_NEWLINE)


def _timestamp(moment: float) -> str:
    return f"{_second(int(moment))}.{int(moment % 1 * 1000):03d}Z"


@lru_cache(maxsize=4)
def _second(moment: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment))


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
        # Version, trace id, parent id and flags of the W3C trace context.
        fields["trace_id"], fields["parent_id"] = trace.split("-")[1:3]
    return fields


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
    """Say why the server cannot run, where a person and where Kubernetes look for it."""
    line = {
        "time": _timestamp(time.time()),
        "level": "CRITICAL",
        "message": message,
        "exit_code": code,
    }
    sys.stderr.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    sys.stderr.flush()
    _write_termination_message(message)
    return code


def _write_termination_message(message: str) -> None:
    path = os.environ.get("TERMINATION_MESSAGE_PATH", "/dev/termination-log")
    if not os.access(path, os.W_OK):
        return
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(message[:4096])
