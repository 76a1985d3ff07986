"""Turns what a script prints into log lines.

What Python code prints is logged by the worker itself, with the id of the request. What goes past
Python (libraries in C, child processes, the traces of a crash) goes into the file descriptors 1 and
2, which are pipes to the server: it logs what arrives there (`raw_output.py`).
"""

from __future__ import annotations

import io
import logging
import sys
from contextlib import suppress

from scoring_server.log_context import current_ids
from scoring_server.logs import LONGEST_LINE, LogWriter, printed


class LogStream(io.RawIOBase):
    """The bytes behind `sys.stdout` or `sys.stderr`: each line becomes a line of the log."""

    mode = "wb"

    def __init__(self, writer: LogWriter, level: int, name: str, file_descriptor: int) -> None:
        super().__init__()
        self._writer, self._level, self._stream = writer, level, name
        self._file_descriptor = file_descriptor
        self.name = f"<{name}>"
        self.rest = b""
        """The line that has no end yet."""
        self._ids: dict[str, str] = {}

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The descriptor for what goes past Python."""
        return self._file_descriptor

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Log the complete lines and keep the rest; a line without end is cut."""
        given = bytes(data)
        ids = current_ids()
        if self.rest and ids != self._ids:
            # Another request began a line and did not end it.
            self.flush()
        self._ids = ids
        *lines, self.rest = (self.rest + given).split(b"\n")
        for line in lines:
            self._log(line)
        if len(self.rest) > LONGEST_LINE:
            self.flush()
        return len(given)

    def flush(self) -> None:
        """Log an unfinished line."""
        if self.rest:
            line, self.rest = self.rest, b""
            self._log(line)

    def _log(self, line: bytes) -> None:
        for part in printed(line):
            self._writer.write(self._level, part, stream=self._stream, **self._ids)


class Output:
    """`sys.stdout` and `sys.stderr` of a worker."""

    def __init__(self, writer: LogWriter) -> None:
        """Put the streams in their places, also in those that keep the originals."""
        self._out = LogStream(writer, logging.INFO, "stdout", 1)
        self._err = LogStream(writer, logging.WARNING, "stderr", 2)
        self._stdout = sys.stdout = sys.__stdout__ = _text(self._out)
        self._stderr = sys.stderr = sys.__stderr__ = _text(self._err)

    def settle(self) -> None:
        """Log what a call left unfinished, while it is known whose it is."""
        if sys.stdout is not self._stdout or sys.stderr is not self._stderr:
            # The script put a stream of its own there, which may keep text back.
            for stream in (sys.stdout, sys.stderr):
                with suppress(Exception):
                    stream.flush()
        if self._out.rest:
            self._out.flush()
        if self._err.rest:
            self._err.flush()


def _text(raw: LogStream) -> io.TextIOWrapper:
    # Unbuffered, so that each line is logged when and where it is printed. A lone surrogate in it
    # must not fail a request.
    return io.TextIOWrapper(raw, "utf-8", "surrogatepass", newline="\n", write_through=True)
