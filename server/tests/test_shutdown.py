"""The end of a replica: from SIGTERM to the exit."""

import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from scoring_server.settings import Settings
from server import KEY

SLEEP = """
import json, time
def init(): pass
def run(raw_data):
    time.sleep(json.loads(raw_data))
    return "done"
"""
SLEEP_FOR_ALL = """
import json, time
def init(): pass
def run(raw_data):
    rows = json.loads(raw_data)["data"]
    time.sleep(max(seconds for (seconds,) in rows))
    return rows
"""
STUCK = """
import time
def init(): pass
def run(raw_data):
    while True:
        try: time.sleep(60)
        except BaseException: pass
"""


def open_request(server, length: int) -> socket.socket:
    """Send the head of a request; its body is up to the caller."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(
        b"POST /score HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        + f"authorization: Bearer {KEY}\r\ncontent-length: {length}\r\n\r\n".encode()
    )
    return connection


def read_all(connection: socket.socket) -> bytes:
    received = b""
    while part := connection.recv(10_000):
        received += part
    return received


def test_the_longest_time_to_end_covers_every_time_limit_of_a_request():
    settings = Settings(
        drain_ms=1, body_timeout_ms=20, queue_wait_ms=300, timeout_ms=4_000, stuck_grace_ms=50_000
    )
    assert settings.shutdown_ms == 54_321 + 5_000


def test_a_request_accepted_at_the_end_of_the_drain_keeps_all_of_its_time_limits(serve):
    limits = {"body_timeout_ms": 3_000, "queue_wait_ms": 2_500, "timeout_ms": 4_000}
    server = serve(SLEEP, drain_ms=1_000, stuck_grace_ms=100, **limits)
    server.process.send_signal(signal.SIGTERM)
    server.wait_for("/ready", 503)
    time.sleep(0.4)
    with ThreadPoolExecutor(1) as threads, open_request(server, 3) as late:
        first = threads.submit(server.score, 3.0)
        # The body ends after the drain, then the request waits for the first one, then it runs.
        time.sleep(1.6)
        late.sendall(b"3.5")
        answer = read_all(late)
        assert b" 200 " in answer
        assert answer.endswith(b'"done"')
        assert first.result().status_code == 200
    assert server.process.wait(15) == 0


def test_after_the_drain_the_port_is_closed_while_accepted_requests_are_answered(serve):
    server = serve(SLEEP, drain_ms=100)
    refused = False
    with ThreadPoolExecutor(1) as threads:
        flying = threads.submit(server.score, 2.0)
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        while not refused and not flying.done():
            try:
                socket.create_connection(("127.0.0.1", server.port)).close()
                time.sleep(0.02)
            except ConnectionRefusedError:
                refused = True
        assert refused
        assert flying.result().json() == "done"
    assert server.process.wait(15) == 0


def test_with_nothing_in_flight_the_server_ends_after_the_drain_in_spite_of_idle_connections(serve):
    server = serve(SLEEP, drain_ms=100)
    with server.client() as client, httpx.Client() as prober:
        assert client.post("/score", content=b"0").status_code == 200
        assert prober.get(f"http://127.0.0.1:{server.health_port}/live").status_code == 200
        # Far below the longest time, which the limits of a request make.
        assert server.end(seconds=Settings().shutdown_ms / 1000 / 10) == 0


def test_a_stuck_run_is_answered_and_does_not_hold_up_the_end(serve):
    server = serve(STUCK, timeout_ms=300, stuck_grace_ms=300)
    with ThreadPoolExecutor(1) as threads:
        stuck = threads.submit(server.score, {})
        time.sleep(0.2)
        assert server.end() == 0
        assert stuck.result().status_code == 504


def test_a_client_that_does_not_read_its_answer_does_not_hold_up_the_end(serve):
    server = serve(
        "def init(): pass\ndef run(raw_data): return bytes(100_000_000)",
        **dict.fromkeys(("body_timeout_ms", "queue_wait_ms", "stuck_grace_ms"), 100),
        timeout_ms=2_000,
    )
    with open_request(server, 2) as deaf:
        deaf.sendall(b"{}")
        deaf.recv(10)
        assert server.end() == 0


def test_requests_that_are_called_again_after_the_longest_time_are_answered_503(serve):
    limits = {"body_timeout_ms": 100, "queue_wait_ms": 500, "timeout_ms": 3_000}
    server = serve(SLEEP_FOR_ALL, batch="on", stuck_grace_ms=100, **limits)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(server.score, {"data": [[0.3]]})
        time.sleep(0.1)
        joined = [threads.submit(server.score, {"data": [[60]]}) for _ in range(2)]
        time.sleep(0.1)
        assert server.end() == 0
        assert first.result().status_code == 200
        assert {future.result().status_code for future in joined} == {503}
    assert "time to shut down exceeded" in server.log()
