"""One worker process as the server sees it."""

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from itertools import islice

import msgspec

from scoring_server.log_context import id_fields
from scoring_server.logs import LogWriter
from scoring_server.messages import (
    Answer,
    Answers,
    Failed,
    Frames,
    FromWorker,
    Ready,
    Start,
    Work,
    frame,
)
from scoring_server.progress import Progress
from scoring_server.raw_output import RawOutput

_SOCKET_BYTES = 1 << 20


class WorkerProcess(asyncio.Protocol):
    """Starts a worker, sends it work and hears its answers."""

    def __init__(
        self,
        on_ready: Callable[["WorkerProcess", Ready], None],
        on_answers: Callable[["WorkerProcess", list[Answer]], None],
        on_exit: Callable[["WorkerProcess"], None],
        log: LogWriter,
    ) -> None:
        self._log = log
        self._on_ready, self._on_answers, self._on_exit = on_ready, on_answers, on_exit
        self._frames = Frames(FromWorker)
        self._transport: asyncio.WriteTransport | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._progress = Progress.create()
        self._ended = False
        self.sent: dict[int, Work] = {}
        """Unanswered requests, oldest first."""
        self.ready = False
        self.failure: Failed | None = None

    async def start(self, python: str, template: Start, variables: dict[str, str]) -> None:
        """Spawn the process; `on_ready` or `on_exit` follows."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        for end in (ours, theirs):
            # Bodies of some 100 KB pass in one go; the kernel may grant less.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BYTES)
        start = msgspec.structs.replace(
            template, socket=theirs.fileno(), progress=self._progress.file_descriptor
        )
        outputs = [
            await RawOutput(self._log, level, name, self._ids).open()
            for level, name in ((logging.INFO, "stdout"), (logging.WARNING, "stderr"))
        ]
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                python,
                "-m",
                "scoring_server.worker",
                msgspec.json.encode(start).decode(),
                # Not the script's folder: its files must not hide the server's modules.
                cwd="/",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=outputs[0],
                stderr=outputs[1],
                pass_fds=(start.socket, start.progress, start.log),
                env={**os.environ, **variables},
            )
        for descriptor in (*outputs, start.log):
            os.close(descriptor)
        await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=ours)
        self._exit = asyncio.create_task(self._wait())

    @property
    def pid(self) -> int:
        """Process id, 0 before the start."""
        return self._process.pid if self._process else 0

    @property
    def exit_code(self) -> int | None:
        """Exit code, negative for a signal; `None` while it runs."""
        return self._process.returncode if self._process else None

    def send(self, work: list[Work]) -> None:
        """Hand requests over, in order."""
        for item in work:
            self.sent[item.id] = item
        if self._transport is not None:
            self._transport.write(frame(work))

    def in_run(self) -> list[Work]:
        """The requests that the present call of `run` serves, if there is one."""
        call = self._progress.read()
        return (
            list(islice(self.sent.values(), call.held, call.held + call.requests)) if call else []
        )

    def running_ms(self) -> float:
        """How long the present call of `run` has lasted, in milliseconds; 0 without one."""
        call = self._progress.read()
        return (time.monotonic_ns() - call.started_ns) / 1e6 if call else 0.0

    def kill(self) -> None:
        """End the process at once."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)

    def retire(self) -> None:
        """Ask the process to end: it does when its socket closes and it is not in a call."""
        if self._transport is not None:
            self._transport.close()

    def close(self) -> None:
        """Release what is left of an ended process."""
        self._ended = True
        self._progress.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (called by asyncio)."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take messages of the worker (called by asyncio)."""
        for message in self._frames.feed(data):
            match message:
                case Answers(answers):
                    self._on_answers(self, answers)
                case Ready():
                    self.ready = True
                    self._on_ready(self, message)
                case Failed():
                    self.failure = message

    def connection_lost(self, _error: Exception | None) -> None:
        """Forget the transport (called by asyncio)."""
        self._transport = None
        self.ready = False

    def _ids(self) -> dict[str, str]:
        """Fields of a line that the worker writes now: known if it has one request."""
        if self._ended:
            return {}
        works = self.in_run() or list(islice(self.sent.values(), 2))
        return id_fields((works[0].request_id, works[0].trace)) if len(works) == 1 else {}

    async def _wait(self) -> None:
        if self._process is None:
            return
        await self._process.wait()
        # What the worker sent before it ended is read before its end is acted upon.
        while self._transport is not None:
            await asyncio.sleep(0.001)
        self._on_exit(self)
