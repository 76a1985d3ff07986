"""Log lines as JSON on standard output, written by a thread of their own.

A container runtime that stops reading must not stop the server: lines wait in a bounded queue and
are counted when they have to be dropped.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import deque
from datetime import datetime, timezone

import msgspec

from scoring_server.log_context import trace_ids

LONGEST_LINE = 16_384
"""Characters of a line that a script prints; a longer one is cut into several."""
_CAPACITY = 10_000
_PAUSE_S = 0.05
# Access lines have the time to the millisecond; reading it for each takes 1 % of a request.
_TICK_S = 0.001
_UTC = timezone.utc
# Access lines are encoded in groups of this size, while they are in the cache of the CPU.
_AT_ONCE = 32


class LogWriter:
    """Collects log lines and writes them in the background."""

    def __init__(self, file_descriptor: int = 1, level: str = "info") -> None:
        self.file_descriptor = file_descriptor
        self._lines: deque[object] = deque()
        self._texts: deque[tuple[bytes, int]] = deque()
        self._encoding = threading.Lock()
        self._level = logging.getLevelName(level.upper())
        self._wake = threading.Event()
        self._told, self._told_at = now(), time.perf_counter()
        self._stopped = False
        self.dropped = 0
        self._thread = threading.Thread(target=self._write_all, name="logs", daemon=True)
        self._thread.start()

    def write(self, level: int, message: str, **fields: object) -> None:
        """Queue one line; the fields become members of its JSON object."""
        if level >= self._level:
            head = {"time": now(), "level": logging.getLevelName(level), "message": message}
            self._queue({**head, **fields})

    def access(
        self, method: str, path: str, status: int, seconds: float, request_id: str, trace: str
    ) -> None:
        """Queue the line of an answered request; `trace` may be empty."""
        ms = int(seconds * 1e6) / 1e3  # cheaper than rounding
        clock = time.perf_counter()
        if clock - self._told_at > _TICK_S:
            self._told_at, self._told = clock, now()
        line = AccessLine(self._told, "INFO", "request", method, path, status, ms, request_id)
        if trace:
            line.trace_id, line.parent_id = trace_ids(trace)
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
                self._texts.append((encode(lines), len(lines)))
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
                view = view[os.write(self.file_descriptor, view) :]
            except BlockingIOError:
                time.sleep(_PAUSE_S)
            except OSError:
                return False
        return True


class AccessLine(msgspec.Struct, omit_defaults=True, gc=False):
    """The log line of an answered request."""

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


def encode(lines: list) -> bytes:
    """The lines as JSON, each with a line break."""
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


def printed(line: bytes) -> list[str]:
    """The messages of a line that a script printed."""
    try:
        # Lone surrogates are printed too, and written as JSON escapes.
        text = line.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = line.decode("utf-8", "backslashreplace")
    return [text[start : start + LONGEST_LINE] for start in range(0, len(text) or 1, LONGEST_LINE)]


def now() -> datetime:
    """The time of a line."""
    return datetime.now(_UTC)
