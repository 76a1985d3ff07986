"""Long checks, run by `sh server/test --long`: a million requests, ten minutes of noise.

They need `wrk`. SOAK_REQUESTS and SOAK_SECONDS make them shorter.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from server import KEY, ScoringServer

REQUESTS = int(os.environ.get("SOAK_REQUESTS", "1000000"))
SECONDS = int(os.environ.get("SOAK_SECONDS", "600"))
MOSTLY_GROWTH = 1.05


@pytest.fixture
def server(tmp_path):
    made = ScoringServer(tmp_path / "server", access_log="false")
    yield made.start()
    made.remove()


def memory_kb(server) -> int:
    """Resident memory of the server and its workers."""
    total = 0
    for pid in (server.process.pid, *server.workers()):
        status = Path(f"/proc/{pid}/status").read_text()
        total += int(status.split("VmRSS:")[1].split()[0])
    return total


def load(server, folder, requests: int) -> None:
    script = folder / "load.lua"
    script.write_text(
        f'wrk.method = "POST"\nwrk.body = "[1, 2, 3]"\n'
        f'wrk.headers["authorization"] = "Bearer {KEY}"\n'
    )
    done = 0
    while done < requests:
        command = ["wrk", "-t1", "-c32", "-d5s", "-s", str(script)]
        address = f"http://127.0.0.1:{server.port}/score"
        text = subprocess.run(
            [*command, address], check=True, capture_output=True, text=True
        ).stdout
        assert "Non-2xx" not in text, text
        done += int(text.split(" requests in ")[0].split()[-1])


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_memory_stays_flat_over_many_requests(server, tmp_path):
    load(server, tmp_path, REQUESTS // 20)
    before = memory_kb(server)
    load(server, tmp_path, REQUESTS)
    after = memory_kb(server)
    assert after < before * MOSTLY_GROWTH, (before, after)


def test_noise_never_causes_a_fault_and_never_ends_a_worker(server):
    noise = random.Random(int(os.environ.get("SOAK_SEED", "0")))
    workers, memory, count = server.workers(), 0, 0
    last = time.monotonic() + SECONDS
    with server.client() as client:
        while time.monotonic() < last:
            body = noise.randbytes(noise.randint(0, 300))
            if noise.random() < 0.5:
                body = json.dumps({"data": list(body), noise.choice("abc"): body.hex()}).encode()
            header = "".join(chr(noise.randint(33, 126)) for _ in range(noise.randint(0, 50)))
            method = noise.choice(["POST", "POST", "GET", "PUT", "DELETE"])
            path = "/score" if noise.random() < 0.7 else f"/{noise.randbytes(4).hex()}"
            kind = noise.choice(["application/json", "text/plain", header])
            try:
                response = client.request(
                    method, path, content=body, headers={"content-type": kind, "x-noise": header}
                )
            except httpx.LocalProtocolError:
                continue
            # A text that is no JSON makes this script raise, which is what 500 is for.
            wanted = response.status_code < 500 or "scoring script failed" in response.text
            assert wanted, (method, path, body, response.text)
            count += 1
            if count == 5000:
                memory = memory_kb(server)
    assert server.workers() == workers
    assert not memory or memory_kb(server) < memory * MOSTLY_GROWTH
