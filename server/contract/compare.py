"""Compares the scoring server with azureml-inference-server-http, case by case."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE)]

from groups import GROUPS, Case, Group

from server import ScoringServer, free_port

_SCRIPT_FAILED = 70


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


def reference(folder: Path, script: str) -> tuple[subprocess.Popen, str]:
    """Start azureml-inference-server-http with the same script."""
    port = free_port()
    (folder / "score.py").write_text(script)
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
    sys.stdout.write(f"  {case.name[:60]:60} {one[0]} {two[0]} {report}\n")
    return wanted


def compare_group(group: Group) -> int:
    """Start both servers with a script and compare its cases; returns how many are wrong."""
    sys.stdout.write(f"{group.name}\n")
    with tempfile.TemporaryDirectory() as name:
        server = ScoringServer(Path(name) / "ours", group.script, timeout_ms=1000)
        server.start(wait=group.starts)
        if not group.starts:
            refused = server.process.wait(20) == _SCRIPT_FAILED
            sys.stdout.write(f"  {'refused at the start, as documented' if refused else 'WRONG'}\n")
            server.remove()
            return int(not refused)
        process, theirs = reference(Path(name), group.script)
        ours = f"http://127.0.0.1:{server.port}"
        key = (server.folder / "keys" / "primary").read_text()
        try:
            return sum(not compare(case, theirs, ours, key) for case in group.cases)
        finally:
            process.terminate()
            process.wait(20)
            server.remove()


def main() -> int:
    """Compare all cases; returns how many differ in a way that is not documented."""
    return sum(compare_group(group) for group in GROUPS)


if __name__ == "__main__":
    sys.exit(main())
