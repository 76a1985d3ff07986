"""Runs one call of `run` at a time, in the main thread, where it can be interrupted."""

import asyncio
import os
import time
from collections.abc import Callable
from functools import partial

from scoring_server.messages import Answer, Work
from scoring_server.progress import Progress
from scoring_server.worker.channel import Channel
from scoring_server.worker.handler import Handler
from scoring_server.worker.interrupt import Alarm, RunTimeout
from scoring_server.worker.results import (
    Refused,
    answer_exception,
    answer_refusal,
    error_answer,
)
from scoring_server.worker.script import Script

# Answers of quick calls travel together, but none waits longer than this.
_HOLD_NS = 1_000_000


class Runner:
    """Calls `run` under the time limit and notes that it does."""

    def __init__(self, script: Script, progress: Progress, timeout_ms: int) -> None:
        self._run = script.run
        self._progress = progress
        self._alarm = Alarm(timeout_ms)
        self._process = os.getpid()
        self._loop = asyncio.new_event_loop() if script.is_async else None

    def call(self, requests: int, arguments: dict[str, object]) -> tuple[object, int]:
        """Return what `run` returned and how many nanoseconds it took."""
        started = time.monotonic_ns()
        self._progress.begin(requests, started)
        try:
            result = self._alarm.call(self._function(arguments))
        except RunTimeout:
            self._alarm.disarm()
            raise
        finally:
            if os.getpid() != self._process:
                # The script forked and the child came back from run(): it is not the worker.
                os._exit(0)
            self._progress.end()
        return result, time.monotonic_ns() - started

    def _function(self, arguments: dict[str, object]) -> Callable[[], object]:
        function = partial(self._run, **arguments)
        if self._loop is None:
            return function
        return lambda: self._loop.run_until_complete(function())


class SequentialLoop:
    """Takes work in the order in which it arrives."""

    def __init__(self, channel: Channel, handler: Handler, runner: Runner) -> None:
        self._channel = channel
        self._handler = handler
        self._runner = runner

    def run(self) -> None:
        """Serve until the server is gone."""
        held: list[Answer] = []
        first_held = 0
        while True:
            if held and (
                not self._channel.waiting or time.monotonic_ns() - first_held > _HOLD_NS
            ):
                self._channel.answer(held)
                held = []
            self._channel.receive()
            held.append(self.score(self._channel.waiting.popleft()))
            if len(held) == 1:
                first_held = time.monotonic_ns()

    def score(self, work: Work) -> Answer:
        """Answer one request."""
        if time.monotonic_ns() > work.deadline_ns:
            return late_answer(work)
        try:
            arguments = self._handler.arguments(work)
            result, run_ns = self._runner.call(1, arguments)
            answer = self._handler.answer(work, result)
        except Refused as refused:
            return answer_refusal(work, refused)
        except RunTimeout:
            return timeout_answer(work)
        except BaseException as error:  # noqa: BLE001 - a script may raise SystemExit
            return answer_exception(work, error)
        answer.run_ns = run_ns
        return answer


def late_answer(work: Work) -> Answer:
    """The request waited too long for its turn."""
    answer = error_answer(work, 503, "the request waited too long for its turn")
    answer.headers = [("retry-after", "1")]
    return answer


def timeout_answer(work: Work) -> Answer:
    """The script did not finish in time."""
    return error_answer(work, 504, "the scoring script did not answer in time")
