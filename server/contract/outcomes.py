"""Runs the scripts on both servers, several at a time, and keeps what happened."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from answers import Answer, answer_of
from scripts import Script
from servers import REFERENCE_PYTHON, Ours, Reference, Server

REFERENCE = "azureml"
OURS = "here"
BESIDE_REAL_PACKAGES = "here, beside the real packages of Azure ML"
_AT_A_TIME = 2


@dataclass
class Outcome:
    """What the servers did with one script, by their names."""

    started: dict[str, bool] = field(default_factory=dict)
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    """By server and name of the request."""
    logs: dict[str, str] = field(default_factory=dict)

    def answer(self, server: str, request: str) -> Answer:
        """The answer of a server, which must have started."""
        assert self.started[server], self.logs[server]
        return self.answers[server, request]


class Outcomes:
    """Starts the scripts in the order given; a test waits for its own."""

    def __init__(self, scripts: Iterable[Script], folder: Path) -> None:
        self._pool = ThreadPoolExecutor(_AT_A_TIME)
        self._futures: dict[str, Future[Outcome]] = {
            script.name: self._pool.submit(_run, script, folder / str(number))
            for number, script in enumerate(scripts)
        }

    def of(self, script: Script) -> Outcome:
        """The outcome of a script, as soon as it is there."""
        return self._futures[script.name].result()

    def close(self) -> None:
        """Start no further script, and wait for those that run."""
        self._pool.shutdown(cancel_futures=True)


def servers_of(script: Script) -> list[str]:
    """The servers that run a script, the reference first."""
    return [REFERENCE, OURS, *([BESIDE_REAL_PACKAGES] if script.imports_azureml else [])]


def _run(script: Script, folder: Path) -> Outcome:
    outcome = Outcome()
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(_start(name, script, folder / str(number)))
            for number, name in enumerate(servers_of(script))
        }
        for name, server in servers.items():
            outcome.started[name] = server.ready()
        for request in script.requests:
            for name, server in servers.items():
                if outcome.started[name]:
                    outcome.answers[name, request.name] = answer_of(server.send(request))
    for name, server in servers.items():
        outcome.logs[name] = server.log()
    return outcome


def _start(name: str, script: Script, folder: Path) -> Server:
    if name == REFERENCE:
        return Reference(folder, script)
    if name == OURS:
        return Ours(folder, script)
    return Ours(folder, script, REFERENCE_PYTHON)
