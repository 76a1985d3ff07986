"""Compares the scoring server with azureml-inference-server-http, case by case."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import httpx

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from server import ScoringServer, free_port

SCRIPT = """
import datetime
import json
import time
import numpy as np
import pandas as pd

def init():
    pass

def run(raw_data):
    deeds = {
        "echo": lambda given: given, "str": lambda given: str(given),
        "bytes": lambda given: b"ab", "numpy": lambda given: np.array(given),
        "frame": lambda given: pd.DataFrame(given), "nan": lambda given: float("nan"),
        "tuple": lambda given: tuple(given), "none": lambda given: None,
        "raise": lambda given: 1 / 0, "sleep": lambda given: time.sleep(given),
        "exit": lambda given: exit(0), "big": lambda given: 2 ** given,
    }
    if raw_data[:1] in ("[", "", b"\\xff") or isinstance(raw_data, bytes):
        return [type(raw_data).__name__, len(raw_data)]
    deed, given = json.loads(raw_data).popitem()
    return deeds[deed](given)
"""


class Case(NamedTuple):
    """A request, and how the two answers may differ."""

    name: str
    method: str = "POST"
    path: str = "/score"
    body: bytes = b"[1, 2]"
    headers: Mapping[str, str] = MappingProxyType({})
    difference: tuple[int, int] | None = None
    """Status of the reference and ours, if they should differ; `None` requires the same answer."""


CASES = [
    Case("text of the body"),
    Case("object", body=b'{"echo": {"a": [1, 2.5, "x", null, true]}}'),
    Case("text result", body=b'{"str": 1}'),
    Case("nothing", body=b'{"none": 1}'),
    Case("tuple", body=b'{"tuple": [1, 2]}'),
    Case("unicode", body='{"echo": "\u00e4\u2603"}'.encode()),
    Case("large integer", body=b'{"big": 100}'),
    Case("exception", body=b'{"raise": 1}'),
    Case("unknown path", path="/nothing"),
    Case("method PUT", method="PUT"),
    Case("method DELETE", method="DELETE"),
    Case("no content type", headers={"content-type": ""}),
    Case("text", headers={"content-type": "text/plain"}),
    Case("charset", headers={"content-type": "application/json; charset=utf-8"}),
    Case("no key", headers={"authorization": ""}, difference=(200, 401)),
    Case("GET", method="GET", path="/score?echo=1", body=b"", difference=(200, 405)),
    Case("OPTIONS", method="OPTIONS", body=b"", difference=(200, 405)),
    Case("not JSON", body=b"{", difference=(500, 400)),
    Case("form", headers={"content-type": "application/x-www-form-urlencoded"},
         difference=(200, 415)),
    Case("not UTF-8", body=b"\xff", headers={"content-type": "application/octet-stream"},
         difference=(400, 200)),
    Case("timeout", body=b'{"sleep": 2}', difference=(500, 504)),
    Case("bytes result", body=b'{"bytes": 1}', difference=(500, 200)),
    Case("array result", body=b'{"numpy": [1]}', difference=(500, 200)),
    Case("frame result", body=b'{"frame": [{"a": 1}]}', difference=(500, 200)),
    Case("NaN result", body=b'{"nan": 1}', difference=(200, 200)),
    Case("root", method="GET", path="/", body=b"", difference=(200, 404)),
    Case("long id", headers={"x-request-id": "a" * 101}, difference=(431, 200)),
    Case("large body", body=b"[" + b" " * (11 << 20) + b"1]", difference=(200, 413)),
]  # fmt: skip


def send(case: Case, address: str, key: str) -> tuple[int, object]:
    """Status and answer of a case; for errors only the status: their messages differ."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    headers = {k: v for k, v in {**headers, **case.headers}.items() if v}
    response = httpx.request(
        case.method, address + case.path, content=case.body, headers=headers, timeout=20
    )
    if response.status_code != httpx.codes.OK:
        return response.status_code, None
    try:
        return response.status_code, response.json()
    except ValueError:
        return response.status_code, response.text


def reference(folder: Path) -> tuple[subprocess.Popen, str]:
    """Start azureml-inference-server-http with the same script."""
    port = free_port()
    (folder / "score.py").write_text(SCRIPT)
    process = subprocess.Popen(
        [os.environ["AZMLINFSRV"], "--entry_script", str(folder / "score.py"), "--port", str(port)],
        cwd=folder,
        env={**os.environ, "SCORING_TIMEOUT_MS": "1000"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            httpx.get(address)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    return process, address


def compare(case: Case, theirs: str, ours: str, key: str) -> bool:
    """Send a case to both servers and report; returns whether they differ as they should."""
    one, two = send(case, theirs, key), send(case, ours, key)
    wanted = one == two if case.difference is None else (one[0], two[0]) == case.difference
    verdict = "same" if one == two else "differs, as documented"
    report = verdict if wanted else f"WRONG: {one} {two}"
    sys.stdout.write(f"{case.name:20} {one[0]} {two[0]} {report}\n")
    return wanted


def main() -> int:
    """Compare all cases; returns how many differ in a way that is not documented."""
    with tempfile.TemporaryDirectory() as name:
        process, theirs = reference(Path(name))
        server = ScoringServer(Path(name) / "ours", SCRIPT, timeout_ms=1000).start()
        ours = f"http://127.0.0.1:{server.port}"
        key = (server.folder / "keys" / "primary").read_text()
        try:
            return sum(not compare(case, theirs, ours, key) for case in CASES)
        finally:
            process.terminate()
            process.wait(20)
            server.remove()


if __name__ == "__main__":
    sys.exit(main())
