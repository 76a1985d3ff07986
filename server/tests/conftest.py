"""Servers for the tests."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from server import SERVER, WORKER, ScoringServer


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., ScoringServer]]:
    """Make servers that are gone after the test."""
    made: list[ScoringServer] = []

    def factory(*arguments: object, **settings: object) -> ScoringServer:
        server = ScoringServer(tmp_path / f"server{len(made)}", *arguments, **settings)
        made.append(server)
        return server

    yield factory
    for server in made:
        server.remove()


@pytest.fixture
def serve(make: Callable[..., ScoringServer]) -> Callable[..., ScoringServer]:
    """Make a server and wait until it is ready."""
    return lambda *arguments, **settings: make(*arguments, **settings).start()


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScoringServer]:
    """One server that gives back what it gets, shared by the tests of a file."""
    server = ScoringServer(tmp_path_factory.mktemp("echo") / "server", max_body_bytes=10_000)
    yield server.start()
    server.remove()


@pytest.fixture(scope="session")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the worker's Python, which stands for that of another image or of a channel."""
    target = tmp_path_factory.mktemp("interpreter") / "python"
    patchelf = shutil.which("patchelf") or "patchelf"
    subprocess.run([WORKER, str(SERVER / "copy_interpreter.py"), str(target), patchelf], check=True)
    return target
