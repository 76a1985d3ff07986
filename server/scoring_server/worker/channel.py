"""The worker's end of the socket to the server."""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Iterable
from typing import List

from scoring_server.messages import Answer, Answers, Frames, Work, frame

_READ_BYTES = 1 << 18


class ServerGone(Exception):
    """The server closed the socket."""


class Channel:
    """Receives work and sends answers, blocking."""

    def __init__(self, file_descriptor: int) -> None:
        self._socket = socket.socket(fileno=file_descriptor)
        self._frames = Frames(List[Work])
        self.waiting: deque[Work] = deque()
        # A child process that the script forks must not answer for the worker.
        os.register_at_fork(after_in_child=self._socket.close)

    def fileno(self) -> int:
        """The socket, for a selector."""
        return self._socket.fileno()

    def receive(self, block: bool) -> None:
        """Add to `waiting` what has arrived; with `block`, wait for something to arrive."""
        while True:
            flags = 0 if block and not self.waiting else socket.MSG_DONTWAIT
            try:
                data = self._socket.recv(_READ_BYTES, flags)
            except BlockingIOError:
                return
            if not data:
                raise ServerGone
            for work in self._frames.feed(data):
                self.waiting.extend(work)
            if len(data) < _READ_BYTES and (self.waiting or not block):
                return

    def wait(self, seconds: float) -> None:
        """Add to `waiting` what arrives within the time given."""
        self._socket.settimeout(seconds)
        try:
            self.receive_once()
        except socket.timeout:
            return
        finally:
            self._socket.settimeout(None)

    def receive_once(self) -> None:
        """Read once, within the time-out of the socket."""
        data = self._socket.recv(_READ_BYTES)
        if not data:
            raise ServerGone
        for work in self._frames.feed(data):
            self.waiting.extend(work)

    def send(self, message: object) -> None:
        """Send one message."""
        self._socket.sendall(frame(message))

    def answer(self, answers: Iterable[Answer]) -> None:
        """Send answers together."""
        self.send(Answers(list(answers)))
