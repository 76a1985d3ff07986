"""How each contender is started."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
VENVS = Path(os.environ["BENCH_VENVS"])
SERVER_CORE = "0"


@dataclass(frozen=True)
class Contender:
    """A server with a script."""

    name: str
    command: list[str]
    script: str = "score.py"
    settings: dict[str, str] = field(default_factory=dict)


# As in the image.
_DOCKERFILE = HERE.parents[1] / "server/Dockerfile"
_MALLOC = dict(re.findall(r"(MALLOC_\w+)=(\d+)", _DOCKERFILE.read_text()))


def ours(name: str, script: str = "score.py", **settings: str) -> Contender:
    """The scoring server with settings, named without their prefix."""
    variables = _MALLOC | {f"SCORING_{key.upper()}": value for key, value in settings.items()}
    command = [str(VENVS / "ours/bin/python"), "-m", "scoring_server"]
    return Contender(name, command, script, variables)


def peer(name: str, app: str, script: str = "score.py") -> Contender:
    """One of the applications of apps.py."""
    command = [str(VENVS / "peers/bin/python"), str(HERE / "apps.py"), app, "PORT"]
    return Contender(name, command, script)


def azureml() -> Contender:
    """Azure Machine Learning's own server."""
    command = [str(VENVS / "azureml/bin/azmlinfsrv"), "--entry_script", "SCRIPT", "--port", "PORT"]
    return Contender("azureml-inference-server-http", command)


class Running:
    """A started contender, on the first core with all its children."""

    def __init__(self, contender: Contender, folder: Path, port: int) -> None:
        self.contender, self.port = contender, port
        environment = {
            **os.environ,
            "AML_APP_ROOT": str(folder),
            "AZUREML_ENTRY_SCRIPT": contender.script,
            "AZUREML_MODEL_DIR": str(folder),
            "OMP_NUM_THREADS": "1",
            "SCORING_HOST": "127.0.0.1",
            "SCORING_PORT": str(port),
            "SCORING_HEALTH_PORT": str(port + 1),
            "SCORING_AUTH": "none",
            "SCORING_DIGESTS": "off",
            "SCORING_DRAIN_MS": "0",
            **contender.settings,
        }
        replaced = {"PORT": str(port), "SCRIPT": str(folder / contender.script)}
        command = [replaced.get(part, part) for part in contender.command]
        self.started = time.perf_counter()
        self._log = (folder / f"{contender.name.replace(' ', '-')}.log").open("wb")
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *command],
            env=environment,
            cwd=folder,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait(self, body: bytes) -> float:
        """Seconds from the start to the first scored request."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/score", data=body)
        request.add_header("content-type", "application/json")
        while time.perf_counter() - self.started < 60:
            try:
                with urllib.request.urlopen(request, timeout=5):
                    return time.perf_counter() - self.started
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.005)
        self.stop()
        log = Path(self._log.name).read_text()
        sys.exit(f"{self.contender.name} did not start:\n{log}")

    def memory_mb(self) -> tuple[float, float]:
        """Resident and proportional memory of the whole tree, in MB."""
        rss = pss = 0.0
        for pid in [self.process.pid, *_children(self.process.pid)]:
            fields = dict(
                line.split(":", 1)
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
            )
            rss += int(fields["Rss"].split()[0]) / 1000
            pss += int(fields["Pss"].split()[0]) / 1000
        return rss, pss

    def stop(self) -> None:
        """End it, and insist."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()


def _children(pid: int) -> list[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    direct = [int(child) for child in listing]
    return direct + [below for child in direct for below in _children(child)]
