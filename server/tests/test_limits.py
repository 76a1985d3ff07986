"""What is refused, how, and how fast."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from server import KEY

SLOW = """
import json, time
def init(): pass
def run(raw_data):
    time.sleep(json.loads(raw_data))
    return "done"
"""


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer wrong", f"Basic {KEY}", KEY, f"Bearer {KEY}x", "Bearer \xe9"],
)  # fmt: skip
def test_without_one_of_the_keys_nothing_is_scored(echo, authorization):
    headers = {} if authorization is None else {"authorization": authorization.encode("latin1")}
    response = httpx.post(f"http://127.0.0.1:{echo.port}/score", content=b"[]", headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


def test_with_no_keys_everybody_is_refused(make):
    server = make()
    (server.folder / "keys" / "primary").unlink()
    server.start()
    assert server.score([]).status_code == 401
    head = "POST /score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \r\ncontent-length: 0\r\n\r\n"
    with _raw(server, head) as connection:
        assert b" 401 " in connection.recv(1000)


def test_new_keys_are_taken_up_without_a_restart(serve):
    server = serve()
    (server.folder / "keys" / "secondary").write_text("second-key\n")
    (server.folder / "keys" / "primary").unlink()
    new = {"authorization": "Bearer second-key"}
    last = time.monotonic() + 5
    while server.score([], headers=new).status_code != 200 and time.monotonic() < last:
        time.sleep(0.1)
    assert server.score([], headers=new).status_code == 200
    assert server.score([]).status_code == 401


def test_auth_can_be_turned_off_only_by_name(serve):
    server = serve(auth="none")
    assert httpx.post(f"http://127.0.0.1:{server.port}/score", content=b"[]").status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[1,]", b"\xff", b"nope", b"[" * 5000])
def test_malformed_json_is_the_callers_fault(echo, body):
    response = echo.score(body)
    assert response.status_code == 400
    assert response.json()["request_id"] == response.headers["x-request-id"]


def test_nan_is_accepted_as_python_clients_send_it(echo):
    assert echo.score(b"[NaN, Infinity]").json() == [None, None]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(echo, method):
    with echo.client() as client:
        response = client.request(method, "/score")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_other_content_types_are_refused(echo):
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert echo.score(b"a=1", headers=form).status_code == 415


@pytest.mark.parametrize(
    "path",
    ["/", "/score/", "/Score", "/api/v1/service//score", "/metrics", "/live", "/x" * 2000],
)
def test_nothing_else_is_served(echo, path):
    with echo.client() as client:
        assert client.post(path, content=b"[]").status_code == 404


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused_and_the_client_hears_of_it(echo, chunked):
    part = b" " * 1_000_000
    body = (part for _ in range(40)) if chunked else part * 40
    with echo.client() as client:
        response = client.post("/score", content=body)
    assert response.status_code == 413
    assert echo.score([1]).json() == [1]


def test_an_exception_is_answered_with_an_id_and_logged_with_the_traceback(serve):
    server = serve("def init(): pass\ndef run(raw_data): raise KeyError('secret')")
    response = server.score({})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.headers["x-ms-run-function-failed"] == "True"
    record = next(line for line in server.lines() if "exception" in line)
    assert record["request_id"] == response.json()["request_id"]
    assert "KeyError: 'secret'" in record["exception"]


def test_overload_is_answered_in_milliseconds(serve):
    server = serve(SLOW, queue_length=2, queue_wait_ms=5000)
    with server.client() as client, ThreadPoolExecutor(3) as threads:
        accepted = [threads.submit(server.score, 1.0) for _ in range(3)]
        time.sleep(0.5)
        started = time.monotonic()
        refused = [client.post("/score", content=b"0") for _ in range(20)]
        elapsed = time.monotonic() - started
        assert {r.status_code for r in refused} == {503}
        assert refused[0].headers["retry-after"] == "1"
        assert elapsed / 20 < 0.05
        assert [future.result().status_code for future in accepted] == [200] * 3


def test_a_request_waits_only_as_long_as_it_may(serve):
    server = serve(SLOW, queue_wait_ms=300)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(server.score, 1.5)
        time.sleep(0.3)
        started = time.monotonic()
        second = server.score(0)
        assert second.status_code == 503
        assert time.monotonic() - started < 1.0
        assert first.result().status_code == 200


@pytest.mark.parametrize("body", ["time.sleep(30)", "while True: pass", SLOW and "hold()"])
def test_a_run_that_takes_too_long_is_interrupted_and_the_worker_goes_on(serve, body):
    server = serve(f"""
import json, time
def hold():
    while True:
        try:
            time.sleep(30)
        except Exception:
            pass
def init(): pass
def run(raw_data):
    if json.loads(raw_data):
        {body}
    return "done"
""", timeout_ms=300)  # fmt: skip
    workers = server.workers()
    started = time.monotonic()
    assert server.score(1).status_code == 504
    assert time.monotonic() - started < 2
    assert server.score(0).json() == "done"
    assert server.workers() == workers


def test_concurrent_calls_of_run_are_limited_to_the_setting(serve):
    server = serve(
        """
        import json, threading, time
        running, most, lock = 0, 0, threading.Lock()
        def init(): pass
        def run(raw_data):
            global running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.05)
            with lock:
                running -= 1
            return most
        """,
        concurrency=3,
    )
    with ThreadPoolExecutor(12) as threads:
        results = [
            future.result() for future in [threads.submit(server.score, 0) for _ in range(12)]
        ]
    assert max(result.json() for result in results) == 3


def test_async_calls_time_out_alone(serve):
    server = serve(
        """
        import asyncio, json
        def init(): pass
        async def run(raw_data):
            await asyncio.sleep(json.loads(raw_data))
            return "done"
        """,
        concurrency=4,
        timeout_ms=500,
    )
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(server.score, 10)
        assert server.score(0.1).json() == "done"
        assert slow.result().status_code == 504


def _raw(server, head: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    connection.sendall(head.encode())
    return connection


def test_a_body_that_does_not_come_is_given_up(serve):
    server = serve(body_timeout_ms=400)
    head = "POST /score HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n"
    head += f"authorization: Bearer {KEY}\r\n\r\n1"
    with _raw(server, head) as connection:
        assert b" 408 " in connection.recv(1000)
    assert server.score([1]).json() == [1]


def test_a_client_late_with_its_body_that_goes_on_sending_reads_why_it_was_refused(serve):
    server = serve(body_timeout_ms=400)
    head = "POST /score HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n"
    head += f"authorization: Bearer {KEY}\r\n\r\n"
    with _raw(server, head) as connection:
        time.sleep(1)
        for _ in range(10):
            connection.sendall(b"1")
            time.sleep(0.01)
        answer = b""
        while part := connection.recv(1000):
            answer += part
    assert b" 408 " in answer
    assert answer.endswith(b"}")


def test_a_head_that_does_not_come_is_given_up(serve):
    server = serve(header_timeout_ms=500)
    with _raw(server, "POST /score HTTP/1.1\r\nhost: x\r\n") as connection:
        started = time.monotonic()
        connection.recv(1000)
        assert time.monotonic() - started < 5


def test_idle_and_half_open_clients_do_not_keep_others_out(echo):
    idle = [_raw(echo, "POST /score HTTP/1.1\r\n") for _ in range(200)]
    try:
        assert echo.score([1]).json() == [1]
        assert echo.probe("/ready") == 200
    finally:
        for connection in idle:
            connection.close()


def test_health_answers_while_run_holds_the_interpreter(serve):
    server = serve("""
        import re
        def init(): pass
        def run(raw_data): return bool(re.match(r"(a+)+$", "a" * 26 + "b"))
    """)
    done = threading.Event()
    worst = 0.0
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(server.score, {})
        future.add_done_callback(lambda _: done.set())
        while not done.is_set():
            started = time.monotonic()
            assert server.probe("/ready") == 200
            worst = max(worst, time.monotonic() - started)
        assert future.result().status_code == 200
    assert worst < 0.5


def test_a_path_cannot_forge_a_line_of_the_log(echo):
    with echo.client() as client:
        client.post("/%22%7D%0A%7B%22level%22%3A%22forged", content=b"[]")
    assert all(line["level"] != "forged" for line in echo.lines())
