"""The workers and the requests that wait for them."""

import asyncio
import itertools
import os
import sys
import time
from collections import deque
from collections.abc import Callable

from scoring_server.limits import cpu_limit, thread_variables
from scoring_server.logs import LogWriter
from scoring_server.messages import Answer, Failed, Ready, Start, Work
from scoring_server.settings import Service, Settings
from scoring_server.worker_process import WorkerProcess
from scoring_server.working_folder import user_variables

_WATCH_S = 0.1
_RESTART_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 10.0
# How many requests one worker may hold: the only worker, one of several, one that joins requests.
_AHEAD = 32
_AHEAD_SHARED = 2
_AHEAD_BATCH = 256


class QueueFull(Exception):
    """No more requests may wait."""


class WorkerLost(Exception):
    """The worker that was scoring the request died or was killed."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Pool:
    """Keeps workers alive and gives each request to one of them."""

    def __init__(
        self,
        settings: Settings,
        service: Service,
        log: LogWriter,
        on_fatal: Callable[[Failed], None],
    ) -> None:
        self._settings, self._service, self._log = settings, service, log
        self._on_fatal = on_fatal
        self._python = os.environ.get("AZUREML_WORKER_PYTHON", sys.executable)
        self._workers: list[WorkerProcess] = []
        self._queue: deque[Work] = deque()
        self._futures: dict[int, asyncio.Future[Answer]] = {}
        self._ids = itertools.count(1)
        self._flush_planned = False
        self._stopping = False
        self._failures = 0
        self._tasks: set[asyncio.Task] = set()
        several = settings.concurrency > settings.workers and settings.batch == "off"
        self._concurrent = -(-settings.concurrency // settings.workers) if several else 0
        self._patience_ns = settings.queue_wait_ms * 1_000_000
        self._loop = asyncio.get_running_loop()
        self._window = self._requests_ahead()
        self._most = settings.queue_length + self._at_once()
        self.script: Ready | None = None
        """What the first worker said about the script; `None` until `init()` returned once."""
        self.restarts = 0
        self.killed = 0

    @property
    def ready(self) -> bool:
        """Whether a request could be scored now."""
        return any(worker.ready for worker in self._workers)

    @property
    def complete(self) -> bool:
        """Whether all workers are there and could score."""
        return sum(worker.ready for worker in self._workers) >= self._settings.workers

    @property
    def open(self) -> int:
        """Requests that are waiting or being scored."""
        return len(self._futures)

    @property
    def full(self) -> bool:
        """Whether the next request will be refused."""
        return len(self._futures) >= self._most

    @property
    def waiting(self) -> int:
        """Requests that no call of `run` has begun to serve."""
        return max(0, len(self._futures) - sum(len(w.in_run()) for w in self._workers))

    def start(self) -> None:
        """Start the workers and watch them."""
        for _ in range(self._settings.workers):
            self._spawn(self._start_worker())
        self._spawn(self._watch())

    def submit(self, work: Work) -> asyncio.Future[Answer]:
        """Queue a request; raises `QueueFull`. Fills in its id and its deadline."""
        if self.full:
            raise QueueFull
        work.id = identity = next(self._ids)
        work.deadline_ns = time.monotonic_ns() + self._patience_ns
        self._futures[identity] = future = self._loop.create_future()
        self._queue.append(work)
        self._plan_flush()
        return future

    def forget(self, work: Work) -> None:
        """Drop the answer of a request whose caller is gone."""
        self._futures.pop(work.id, None)

    def abandon(self) -> None:
        """Answer what is still open with 503: the replica ends."""
        for future in self._futures.values():
            if not future.done():
                future.set_exception(WorkerLost("the replica is shutting down", 503))
        self._futures.clear()

    async def stop(self) -> None:
        """End the workers; a call in progress is not waited for."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        for worker in self._workers:
            worker.retire()
        patience = time.monotonic() + 0.5
        while time.monotonic() < patience and any(w.exit_code is None for w in self._workers):
            await asyncio.sleep(0.01)
        for worker in self._workers:
            worker.kill()

    def _requests_ahead(self) -> int:
        """Requests that one worker may hold, so that it never waits between two calls."""
        if self._concurrent:
            return self._concurrent
        if self._settings.batch == "on":
            return _AHEAD_BATCH
        return _AHEAD if self._settings.workers == 1 else _AHEAD_SHARED

    def _at_once(self) -> int:
        """Requests that calls of `run` may be serving at the same time."""
        if self._settings.batch == "on":
            return self._settings.workers * self._window
        return max(self._settings.concurrency, self._settings.workers)

    def _spawn(self, coroutine: object) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _start_worker(self, pause_s: float = 0.0) -> None:
        await asyncio.sleep(pause_s)
        worker = WorkerProcess(
            self._worker_ready, self._worker_answered, self._worker_exited, self._log
        )
        settings, service = self._settings, self._service
        template = Start(
            socket=0,
            progress=0,
            log=os.dup(self._log.file_descriptor),
            app_root=service.app_root,
            entry_script=service.entry_script,
            service=service.name,
            timeout_ms=settings.timeout_ms,
            concurrent=self._concurrent,
            batch_rows=settings.batch_rows if settings.batch == "on" else 0,
            batch_wait_ms=settings.batch_wait_ms,
            log_level=settings.log_level,
        )
        self._workers.append(worker)
        threads = thread_variables(settings.threads, settings.workers, cpu_limit())
        variables = threads | user_variables()
        await worker.start(self._python, template, variables)

    def _worker_ready(self, worker: WorkerProcess, script: Ready) -> None:
        self._failures = 0
        self.script = script
        self._log.info("worker is ready", worker=worker.pid)
        self._plan_flush()

    def _worker_answered(self, worker: WorkerProcess, answers: list[Answer]) -> None:
        for answer in answers:
            worker.sent.pop(answer.id, None)
            future = self._futures.pop(answer.id, None)
            if future is not None and not future.done():
                future.set_result(answer)
        if self._queue:
            self._plan_flush()

    def _worker_exited(self, worker: WorkerProcess) -> None:
        self._workers.remove(worker)
        running = {work.id for work in worker.in_run()}
        stuck = worker.running_ms() > self._settings.timeout_ms
        worker.close()
        if self._stopping:
            return
        cause = worker.failure.cause if worker.failure else f"exit code {worker.exit_code}"
        details = {"traceback": worker.failure.traceback} if worker.failure else {}
        self._log.error(f"worker ended: {cause}", worker=worker.pid, **details)
        again = []
        for work in worker.sent.values():
            if work.id not in running:
                again.append(work)
            elif len(running) > 1 and not self._concurrent:
                # One of a joined call ended the worker; alone it will not harm the others.
                work.alone = True
                again.append(work)
            else:
                self._lose(work, stuck)
        self._queue.extendleft(reversed([work for work in again if work.id in self._futures]))
        self._replace(worker)

    def _lose(self, work: Work, stuck: bool) -> None:
        future = self._futures.pop(work.id, None)
        if future is None or future.done():
            return
        if stuck:
            lost = WorkerLost("the scoring script exceeded its time limit", 504)
        else:
            lost = WorkerLost("the process that ran the scoring script ended", 500)
        future.set_exception(lost)

    def _replace(self, worker: WorkerProcess) -> None:
        failed = worker.failure or Failed(f"the worker ended with code {worker.exit_code}", "")
        if self.script is None:
            self._on_fatal(failed)
            return
        self._failures += 1
        if self._failures > self._settings.init_attempts:
            self._on_fatal(failed)
            return
        self.restarts += 1
        first = self._failures == 1
        pause = 0.0 if first else min(_RESTART_PAUSE_S * 2**self._failures, _LONGEST_PAUSE_S)
        self._spawn(self._start_worker(pause))

    def _plan_flush(self) -> None:
        # Requests that arrive in one turn of the loop travel in one message.
        if not self._flush_planned:
            self._flush_planned = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_planned = False
        while self._queue:
            worker = min(
                (worker for worker in self._workers if worker.ready),
                key=lambda worker: len(worker.sent),
                default=None,
            )
            if worker is None or len(worker.sent) >= self._window:
                return
            room = self._window - len(worker.sent) if len(self._workers) == 1 else 1
            work = [self._queue.popleft() for _ in range(min(room, len(self._queue)))]
            # Requests whose callers went away are dropped.
            wanted = [item for item in work if item.id in self._futures]
            if wanted:
                worker.send(wanted)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_S)
            self._expire()
            limit = self._settings.timeout_ms + self._settings.stuck_grace_ms
            for worker in self._workers:
                if worker.running_ms() > limit:
                    self.killed += 1
                    self._log.error("worker is stuck and is killed", worker=worker.pid)
                    worker.kill()

    def _expire(self) -> None:
        """Answer the requests whose turn did not come in time, even if no worker can."""
        now = time.monotonic_ns()
        while self._queue and self._queue[0].deadline_ns < now:
            self._late(self._queue.popleft())
        for worker in self._workers:
            running = {work.id for work in worker.in_run()}
            for work in worker.sent.values():
                if work.deadline_ns < now and work.id not in running:
                    self._late(work)

    def _late(self, work: Work) -> None:
        future = self._futures.pop(work.id, None)
        if future is not None and not future.done():
            future.set_exception(WorkerLost("the request waited too long for a free worker", 503))
