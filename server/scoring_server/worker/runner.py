"""Calls `run` in the main thread, where it can be interrupted."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from functools import partial

from scoring_server.progress import Progress
from scoring_server.worker.interrupt import Alarm, RunTimeout
from scoring_server.worker.output import Output
from scoring_server.worker.script import Script


class Runner:
    """Calls `run` under the time limit and notes that it does."""

    def __init__(self, script: Script, progress: Progress, output: Output, timeout_ms: int) -> None:
        """Take over the alarm signal of the process."""
        self._run = script.run
        self._progress, self._output = progress, output
        self._alarm = Alarm(timeout_ms)
        self._process = os.getpid()
        self._loop = script.loop if script.is_async else None
        self.last_ns = 0
        """How long the last call took, in nanoseconds."""

    def call(self, arguments: dict[str, object], requests: int, held: int) -> object:
        """Return what `run` returned; raises `RunTimeout` or what `run` raised.

        The call serves the `requests` that follow the `held` oldest unanswered ones.
        """
        started = time.monotonic_ns()
        self._progress.begin(held, requests, started)
        try:
            return self._alarm.call(self._function(arguments))
        except RunTimeout:
            self._alarm.disarm()
            if self._loop is not None:
                # The interrupted task is left behind with the loop that it was part of.
                self._loop = asyncio.new_event_loop()
            raise
        finally:
            if os.getpid() != self._process:
                # The script forked and the child came back from run(): it is not the worker.
                os._exit(0)
            self._output.settle()
            self._progress.end()
            self.last_ns = time.monotonic_ns() - started

    def _function(self, arguments: dict[str, object]) -> Callable[[], object]:
        function = partial(self._run, **arguments)
        if self._loop is None:
            return function
        return lambda: self._loop.run_until_complete(function())
