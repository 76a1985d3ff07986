"""Turns what a script prints into log lines."""

import io

from scoring_server.log_context import current_ids
from scoring_server.logs import LogWriter

_LONGEST_LINE = 16_384


class LogStream(io.TextIOBase):
    """Stands in for `sys.stdout` and `sys.stderr`."""

    def __init__(self, writer: LogWriter, level: int, name: str) -> None:
        self._writer = writer
        self._level = level
        self._name = name
        self._rest = ""

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Log the complete lines and keep the rest; a line without end is cut."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._log(line)
        if len(self._rest) > _LONGEST_LINE:
            self._log(self._rest)
            self._rest = ""
        return len(text)

    def flush(self) -> None:
        """Log an unfinished line."""
        if self._rest:
            self._log(self._rest)
            self._rest = ""

    def _log(self, line: str) -> None:
        for start in range(0, len(line), _LONGEST_LINE):
            part = line[start : start + _LONGEST_LINE]
            self._writer.write(self._level, part, stream=self._name, **current_ids())
