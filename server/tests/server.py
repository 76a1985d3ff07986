"""Starts the real server for a test and talks to it."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections import deque
from contextlib import suppress
from functools import cache
from pathlib import Path

import httpx

SERVER = Path(__file__).parents[1]
# With this variable, the tests run the scripts with another Python than the server.
WORKER = os.environ.get("AZUREML_WORKER_PYTHON", sys.executable)
KEY = "first-key"
ECHO = """
import json

def init():
    pass

def run(raw_data):
    return json.loads(raw_data)
"""


# Sockets that keep the ports given last from being given twice before their servers listen, by
# another process too: ports of UDP are numbered apart from those of TCP.
_given: deque[socket.socket] = deque()


def free_port() -> int:
    """A port that nothing listens on now, nor is about to.

    It lies below the range for outgoing connections and below the sandbox's ports: the request of
    another test could otherwise hold it at the moment when the server of this one listens.
    """
    while True:
        address = "127.0.0.1", random.randrange(10_000, 20_000)
        guard = socket.socket(type=socket.SOCK_DGRAM)
        with socket.socket() as probe, suppress(OSError):
            guard.bind(address)
            probe.bind(address)
            _given.append(guard)
            if len(_given) > 64:
                _given.popleft().close()
            return address[1]
        guard.close()


@cache
def worker_version() -> tuple[int, int]:
    """The minor version of the Python that runs the scripts."""
    question = "import sys; print('%d %d' % sys.version_info[:2])"
    answer = subprocess.run([WORKER, "-c", question], stdout=subprocess.PIPE, check=True).stdout
    major, minor = answer.split()
    return int(major), int(minor)


def for_worker(script: str) -> str:
    """A script as it is written for the Python that runs it."""
    if worker_version() >= (3, 9):
        return script
    return script.replace("from typing import Annotated", "from typing_extensions import Annotated")


class ScoringServer:
    """A server process with its own folder, ports and keys."""

    def __init__(self, folder: Path, script: str = ECHO, **settings: object) -> None:
        """Write the script; `settings` are named as the variables, in lower case."""
        self.folder = folder
        self.port, self.health_port = free_port(), free_port()
        (folder / "app").mkdir(parents=True)
        (folder / "keys").mkdir()
        (folder / "keys" / "primary").write_text(KEY)
        (folder / "app" / "score.py").write_text(for_worker(textwrap.dedent(script)))
        self._log = folder / "log"
        (folder / "termination").touch()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("SCORING_")},
            "AML_APP_ROOT": str(folder / "app"),
            "PYTHONPATH": str(SERVER),
            "SCORING_HOST": "127.0.0.1",
            "SCORING_PORT": str(self.port),
            "SCORING_HEALTH_PORT": str(self.health_port),
            "SCORING_KEYS_DIR": str(folder / "keys"),
            "SCORING_DIGESTS": "off",
            "AZUREML_MODEL_DIGESTS": str(folder / "model-digests.json"),
            "SCORING_DRAIN_MS": "100",
            "TERMINATION_MESSAGE_PATH": str(folder / "termination"),
        }
        self.set(**settings)
        self.process: subprocess.Popen | None = None

    def set(self, **settings: object) -> None:
        """Change settings before the start; others than SCORING_ ones are in capitals."""
        for name, value in settings.items():
            variable = name if name.isupper() else f"SCORING_{name.upper()}"
            self.environment[variable] = str(value)

    def start(self, wait: bool = True) -> "ScoringServer":
        """Start the process, and wait until it is ready."""
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scoring_server"],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if wait:
            self.wait_for("/ready", 200)
        return self

    def wait_for(self, path: str, status: int, seconds: float = 30.0) -> None:
        """Wait until a probe answers with the status."""
        last = time.monotonic() + seconds
        while time.monotonic() < last:
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            if self.probe(path) == status:
                return
            time.sleep(0.02)
        raise AssertionError(f"{path} never answered {status}:\n{self.log()}")

    def probe(self, path: str) -> int:
        """Status of a probe; 0 while nothing listens."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.health_port}{path}", timeout=5).status_code
        except httpx.TransportError:
            return 0

    def metrics(self) -> str:
        """The page of metrics."""
        return httpx.get(f"http://127.0.0.1:{self.health_port}/metrics").text

    def client(self, **options: object) -> httpx.Client:
        """A client that carries the key and speaks JSON."""
        headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
        address = f"http://127.0.0.1:{self.port}"
        return httpx.Client(base_url=address, headers=headers, timeout=30, **options)

    def score(self, body: object, **options: object) -> httpx.Response:
        """Score one body; anything but bytes is written as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        with self.client() as client:
            return client.post("/score", content=content, **options)

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def log(self) -> str:
        """All that was logged."""
        return self._log.read_text() if self._log.exists() else ""

    def lines(self) -> list[dict]:
        """The log as objects; fails if a line is not JSON."""
        time.sleep(0.15)
        return [json.loads(line) for line in self.log().splitlines()]

    def end(self, seconds: float = 15.0) -> int:
        """Send SIGTERM and return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def remove(self) -> None:
        """Kill what still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def add_model(server: ScoringServer, path: str, content: bytes = b"model") -> Path:
    """Put a file among the models of a server."""
    file = server.folder / "app" / "azureml-models" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def add_package(server: ScoringServer, files: dict[str, str]) -> None:
    """Put a package beside the script, which is where its imports look first."""
    for name, text in files.items():
        file = server.folder / "app" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def add_inference_schema(server: ScoringServer) -> None:
    """Put a package like inference-schema beside the script, whose decorator converts nothing."""
    decorators = "def input_schema(name, kind):\n    return lambda run: run\n"
    util = (
        "def is_schema_decorated(run): return True\n"
        "def get_input_schema(run): return {'type': 'object'}\n"
        "def get_output_schema(run): return {'type': 'array'}\n"
    )
    files = {"__init__": "", "schema_decorators": decorators, "schema_util": util}
    add_package(server, {f"inference_schema/{name}.py": text for name, text in files.items()})
