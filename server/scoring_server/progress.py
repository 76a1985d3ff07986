"""A cell of shared memory in which a worker notes what it is doing.

The server must know how long the present call of `run` has lasted even when the worker is too
stuck to answer: memory can be read without the help of its owner.
"""

from __future__ import annotations

import mmap
import os
import struct
from typing import NamedTuple

_CELL = struct.Struct("<QQQ")


class Call(NamedTuple):
    """The call of `run` in progress."""

    held: int
    """How many of the oldest unanswered requests are scored and only wait to be sent."""
    requests: int
    """How many of the next oldest it serves."""
    started_ns: int


class Progress:
    """One worker's cell, written by the worker and read by the server."""

    def __init__(self, file_descriptor: int) -> None:
        self.file_descriptor = file_descriptor
        self._memory = mmap.mmap(file_descriptor, mmap.PAGESIZE)

    @classmethod
    def create(cls) -> Progress:
        """Make a new cell in anonymous memory."""
        file_descriptor = os.memfd_create("scoring-progress")
        os.ftruncate(file_descriptor, mmap.PAGESIZE)
        return cls(file_descriptor)

    def begin(self, held: int, requests: int, now_ns: int) -> None:
        """Note that `run` starts."""
        _CELL.pack_into(self._memory, 0, held, requests, now_ns)

    def end(self) -> None:
        """Note that `run` returned."""
        _CELL.pack_into(self._memory, 0, 0, 0, 0)

    def read(self) -> Call | None:
        """The call in progress, if any."""
        call = Call(*_CELL.unpack_from(self._memory, 0))
        return call if call.started_ns else None

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
        os.close(self.file_descriptor)
