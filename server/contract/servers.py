"""Starts both servers with a script and sends requests to them."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import httpx
from scripts import Request, Script

from server import KEY, ScoringServer, free_port

_START_SECONDS = 120
REFERENCE_PYTHON = os.environ.get("REFERENCE_PYTHON", "")
"""Python of the environment in which Azure ML's packages are installed."""


class Server:
    """What both have in common: an address, once they are ready, or an exit code."""

    probe = "/"
    """Address that answers 200 as soon as requests are scored."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.log_file = folder / "log"
        self.process: subprocess.Popen | None = None
        # Without certificates, which take longer to read than a server to answer.
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            timeout=_START_SECONDS,
            headers={"user-agent": "contract"},
            verify=False,
        )

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def ready(self) -> bool:
        """Wait until it answers; `False` if it exits instead."""
        assert self.process is not None
        last = time.monotonic() + _START_SECONDS
        while time.monotonic() < last:
            if self.process.poll() is not None:
                return False
            if self.is_up():
                return True
            time.sleep(0.1)
        raise AssertionError(f"no start within {_START_SECONDS} s:\n{self.log()}")

    def is_up(self) -> bool:
        """Whether it answers its probe."""
        try:
            return self._client.get(self.probe).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def send(self, request: Request) -> httpx.Response:
        """Send a request with the key, as JSON unless the request says otherwise."""
        usual = {"authorization": f"Bearer {KEY}", "x-request-id": "contract"}
        if not request.parts:
            usual["content-type"] = "application/json"
        headers = {name: value for name, value in {**usual, **request.headers}.items() if value}
        body = {"files": request.parts} if request.parts else {"content": request.body}
        return self._client.request(request.method, request.path, headers=headers, **body)

    def log(self) -> str:
        """All that was logged."""
        return self.log_file.read_text() if self.log_file.exists() else ""


class Reference(Server):
    """azureml-inference-server-http."""

    def __init__(self, folder: Path, script: Script) -> None:
        super().__init__(folder, free_port())
        app = folder / "app"
        app.mkdir(parents=True)
        script.lay_out(app)
        environment = {
            **os.environ,
            "SCORING_TIMEOUT_MS": str(script.timeout_ms),
            "AML_APP_ROOT": str(app),
            **_variables(script, app),
            **script.reference_environment,
        }
        command = [str(Path(REFERENCE_PYTHON).with_name("azmlinfsrv")), "--port", str(self.port)]
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--entry_script", str(app / script.entry)],
                cwd=app,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


class Ours(Server):
    """The scoring server, with its worker in an environment with or without Azure ML's packages."""

    def __init__(self, folder: Path, script: Script, python: str = sys.executable) -> None:
        made = ScoringServer(folder, "", timeout_ms=script.timeout_ms)
        app = folder / "app"
        (app / "score.py").unlink()
        script.lay_out(app)
        made.set(
            AZUREML_WORKER_PYTHON=python,
            AZUREML_ENTRY_SCRIPT=script.entry,
            **_variables(script, app),
        )
        super().__init__(folder, made.port)
        self.probe = f"http://127.0.0.1:{made.health_port}/ready"
        self.process = made.start(wait=False).process


def _variables(script: Script, app: Path) -> dict[str, str]:
    model_dir = script.model_dir(app)
    given = {} if model_dir is None else {"AZUREML_MODEL_DIR": str(model_dir)}
    return {**given, **script.environment}
