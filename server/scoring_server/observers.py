"""Where data collection and telemetry plug in; no request waits for them.

An observer is a class of a module beside the server, named by `SCORING_OBSERVERS`. It is made once
and its method `observe` is called, in a thread of its own, with each scored request.
"""

import threading
from collections import deque
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple, Protocol

from scoring_server.logs import LogWriter
from scoring_server.messages import Answer, Work

_CAPACITY = 1_000


class Scored(NamedTuple):
    """A request and its answer."""

    work: Work
    answer: Answer


class Observer(Protocol):
    """What a plug-in implements."""

    def observe(self, scored: Scored) -> None:
        """Take note of a scored request; may be slow, must not change it."""


class Observers:
    """Hands scored requests to the observers; drops the newest when they do not keep up."""

    def __init__(self, observers: Sequence[Observer], log: LogWriter) -> None:
        """Start the thread, if there are observers."""
        self._observers, self._log = observers, log
        self._queue: deque[Scored] = deque()
        self._wake = threading.Event()
        self.dropped = 0
        if observers:
            threading.Thread(target=self._work, name="observers", daemon=True).start()

    @classmethod
    def named(cls, names: str, log: LogWriter) -> "Observers":
        """Make the observers of a comma-separated list of `module:Class`."""
        return cls([_make(name.strip()) for name in names.split(",") if name.strip()], log)

    def __bool__(self) -> bool:
        """Whether there are observers."""
        return bool(self._observers)

    def note(self, scored: Scored) -> None:
        """Queue a request."""
        if len(self._queue) >= _CAPACITY:
            self.dropped += 1
            return
        self._queue.append(scored)
        self._wake.set()

    def _work(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._queue:
                self._tell(self._queue.popleft())

    def _tell(self, scored: Scored) -> None:
        for observer in self._observers:
            try:
                observer.observe(scored)
            except Exception as error:
                self._log.error(f"observer failed: {error!r}", request_id=scored.work.request_id)


def _make(name: str) -> Observer:
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)()
