"""Logs what a worker writes to its file descriptors, past Python.

The server reads it, not the worker: the trace of a crash must outlive the process that crashed.
"""

import asyncio
import os
from collections.abc import Callable

from scoring_server.logs import LONGEST_LINE, LogWriter, printed


class RawOutput(asyncio.Protocol):
    """The reading end of one descriptor."""

    def __init__(
        self, log: LogWriter, level: int, name: str, ids: Callable[[], dict[str, str]]
    ) -> None:
        """`ids` tells which request is being scored, for the fields of the lines."""
        self._log, self._level, self._name, self._ids = log, level, name, ids
        self._rest = b""

    async def open(self) -> int:
        """Make the pipe; returns its writing end, which the caller hands on and closes."""
        reader, writer = os.pipe()
        file = os.fdopen(reader, "rb", 0)
        await asyncio.get_running_loop().connect_read_pipe(lambda: self, file)
        return writer

    def data_received(self, data: bytes) -> None:
        """Log the complete lines (called by asyncio)."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._write(lines)
        if len(self._rest) > LONGEST_LINE:
            self._end_line()

    def connection_lost(self, _error: Exception | None) -> None:
        """Log an unfinished line: the worker and its children are gone (called by asyncio)."""
        self._end_line()

    def _end_line(self) -> None:
        line, self._rest = self._rest, b""
        if line:
            self._write([line])

    def _write(self, lines: list[bytes]) -> None:
        ids = self._ids()
        for line in lines:
            for part in printed(line):
                self._log.write(self._level, part, stream=self._name, **ids)
