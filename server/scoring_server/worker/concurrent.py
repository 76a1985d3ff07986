"""Several calls of `run` at a time: threads, or tasks for `async def run`."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial

from scoring_server.log_context import log_for
from scoring_server.messages import Answer, Work
from scoring_server.progress import Progress
from scoring_server.worker.channel import Channel, ServerGone
from scoring_server.worker.handler import Handler
from scoring_server.worker.output import Output
from scoring_server.worker.results import (
    Refused,
    answer_exception,
    answer_late,
    answer_refusal,
    answer_timeout,
)
from scoring_server.worker.script import Script

# The server sends no more requests than may run, so that all of them are in a call.
_ALL = 1 << 32


class ConcurrentLoop:
    """Starts each request at once; the server sends no more than may run."""

    def __init__(
        self,
        channel: Channel,
        handler: Handler,
        script: Script,
        progress: Progress,
        output: Output,
        threads: int,
        timeout_ms: int,
    ) -> None:
        """Make the threads, which `async def run` leaves alone."""
        self._channel, self._handler, self._script = channel, handler, script
        self._progress, self._timeout_s = progress, timeout_ms / 1000
        self._output = output
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="run")
        self._started: dict[int, int] = {}
        self._keys = itertools.count()
        self._tasks: set[asyncio.Task] = set()

    def run(self) -> None:
        """Serve until the server is gone; raises `ServerGone`."""
        self._script.loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        gone = loop.create_future()
        loop.add_reader(self._channel.fileno(), self._receive, gone)
        await gone

    def _receive(self, gone: asyncio.Future) -> None:
        try:
            self._channel.receive_once()
        except (ServerGone, ConnectionError) as error:
            if not gone.done():
                gone.set_exception(error)
            return
        while self._channel.waiting:
            task = asyncio.get_running_loop().create_task(
                self._score(self._channel.waiting.popleft())
            )
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _score(self, work: Work) -> None:
        if time.monotonic_ns() > work.deadline_ns:
            answer = answer_late(work)
        else:
            answer = await self._answer(work)
        self._channel.answer([answer])

    async def _answer(self, work: Work) -> Answer:
        started = time.monotonic_ns()
        log_for(work.request_id, work.trace)
        try:
            prepared = self._handler.prepare(work)
            result = await asyncio.wait_for(self._call(prepared.arguments), self._timeout_s)
            answer = self._handler.answer(prepared, result)
        except Refused as refused:
            return answer_refusal(work, refused)
        except (Exception, SystemExit) as error:
            late = time.monotonic_ns() - started >= self._timeout_s * 1e9
            if isinstance(error, (TimeoutError, asyncio.TimeoutError)) and late:
                return answer_timeout(work)
            return answer_exception(work, error)
        answer.run_ns = time.monotonic_ns() - started
        return answer

    async def _call(self, arguments: dict[str, object]) -> object:
        if self._script.is_async:
            with self._noted():
                return await self._script.run(**arguments)
        call = partial(copy_context().run, self._call_noted, arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def _call_noted(self, arguments: dict[str, object]) -> object:
        with self._noted():
            return self._script.run(**arguments)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Tell the server since when the oldest call has been running, if it never returns."""
        key = next(self._keys)
        self._started[key] = time.monotonic_ns()
        self._note()
        try:
            yield
        finally:
            self._output.settle()
            del self._started[key]
            self._note()

    def _note(self) -> None:
        oldest = min(tuple(self._started.values()), default=0)
        self._progress.begin(0, _ALL if oldest else 0, oldest)
