"""Starts, ends and accidents."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from scoring_server.metrics import COUNTERS, GAUGES
from server import KEY

DRILL = """
import json, os, sys, time
kept = []
def init(): pass
def run(raw_data):
    deed = json.loads(raw_data)
    if deed == "exit": os._exit(3)
    if deed == "segfault":
        import ctypes
        ctypes.string_at(0)
    if deed == "system-exit": sys.exit("bye")
    if deed == "interrupt": raise KeyboardInterrupt
    if deed == "stuck":
        while True:
            try: time.sleep(60)
            except BaseException: pass
    if deed == "print":
        for _ in range(200): print("x" * 50_000)
    if deed == "fork":
        pid = os.fork()
        if pid: os.waitpid(pid, 0)
    if deed == "fork-and-stay" and os.fork() == 0:
        time.sleep(2)
        os._exit(0)
    if deed == "leak": kept.append(bytearray(10_000_000))
    return os.getpid()
"""


def test_startup_readiness_and_liveness_are_apart(make):
    server = make("import time\ndef init(): time.sleep(1)\ndef run(raw_data): return 1")
    server.start(wait=False)
    server.wait_for("/live", 200)
    assert (server.probe("/startup"), server.probe("/ready")) == (503, 503)
    assert server.score([]).status_code == 503
    server.wait_for("/ready", 200)
    assert server.probe("/startup") == 200


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        ("def init(): raise OSError('no model')\ndef run(raw_data): pass", "OSError: no model"),
        ("import nowhere\ndef init(): pass\ndef run(raw_data): pass", "No module named 'nowhere'"),
        ("def init(): pass", "does not define run()"),
        ("def init(): pass\ndef run(): pass", "needs a parameter"),
        ("import os\ndef init(): os._exit(9)\ndef run(raw_data): pass", "code 9"),
        ("def init(:", "SyntaxError"),
    ],
)
def test_a_script_that_cannot_start_ends_the_server_with_the_cause(make, script, cause):
    server = make(script).start(wait=False)
    assert server.process.wait(20) == 70
    assert cause in server.log()
    assert cause in (server.folder / "termination").read_text()


def test_a_wrong_setting_ends_the_start_with_one_line(make):
    server = make(queue_lenght="5").start(wait=False)
    assert server.process.wait(20) == 78
    (line,) = server.lines()
    assert line["message"] == (
        "unknown setting SCORING_QUEUE_LENGHT; did you mean SCORING_QUEUE_LENGTH?"
    )


@pytest.mark.parametrize(
    ("deed", "status"), [("exit", 500), ("segfault", 500), ("system-exit", 500), ("interrupt", 500)]
)
def test_a_run_that_ends_its_process_fails_alone(serve, deed, status):
    server = serve(DRILL, queue_wait_ms=20_000)
    assert server.score(deed).status_code == status
    server.wait_for("/ready", 200)
    assert server.score("work").status_code == 200
    assert server.probe("/live") == 200


def test_requests_behind_a_crash_are_served_by_the_next_worker(serve):
    server = serve(DRILL, queue_wait_ms=20_000)
    with ThreadPoolExecutor(9) as threads:
        crash = threads.submit(server.score, "exit")
        others = [threads.submit(server.score, "work") for _ in range(8)]
        assert crash.result().status_code == 500
        assert {other.result().status_code for other in others} <= {200, 503}


def test_a_killed_worker_is_replaced_and_readiness_tells(serve):
    server = serve(DRILL)
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    last = time.monotonic() + 10
    while server.workers() == [worker] and time.monotonic() < last:
        time.sleep(0.01)
    server.wait_for("/ready", 200)
    assert server.score("work").json() == server.workers()[0]
    assert "scoring_worker_restarts_total 1.0" in server.metrics()


def test_a_run_that_cannot_be_interrupted_is_killed_and_replaced(serve):
    server = serve(DRILL, timeout_ms=300, stuck_grace_ms=300)
    (worker,) = server.workers()
    assert server.score("stuck").status_code == 504
    server.wait_for("/ready", 200)
    assert server.workers() != [worker]
    assert server.score("work").status_code == 200


@pytest.mark.parametrize("deed", ["print", "fork", "fork-and-stay", "leak"])
def test_a_run_with_side_effects_is_answered_once(serve, deed):
    server = serve(DRILL)
    (worker,) = server.workers()
    for _ in range(3):
        assert server.score(deed).json() == worker
    assert server.score("work").json() == worker


def test_a_worker_that_keeps_failing_after_a_success_ends_the_server(make):
    server = make("""
        import os
        def init():
            if os.path.exists("started"): raise OSError("gone bad")
            open("started", "w").close()
        def run(raw_data): os._exit(1)
    """, init_attempts=2).start()  # fmt: skip
    server.score({})
    assert server.process.wait(20) == 70
    assert "gone bad" in (server.folder / "termination").read_text()


def test_sigterm_finishes_what_is_in_flight(serve):
    server = serve("import time\ndef init(): pass\ndef run(raw_data): time.sleep(1); return 'done'",
                   queue_wait_ms=5000)  # fmt: skip
    with ThreadPoolExecutor(2) as threads:
        flying = [threads.submit(server.score, {}) for _ in range(2)]
        time.sleep(0.3)
        assert server.end() == 0
        assert [future.result().json() for future in flying] == ["done", "done"]


def test_no_request_is_lost_while_draining(serve):
    server = serve(drain_ms=1500, access_log="false")
    stop = threading.Event()
    statuses: list[int] = []
    lost: list[Exception] = []

    def client() -> None:
        headers = {"authorization": f"Bearer {KEY}"}
        with httpx.Client(headers=headers) as session:
            while not stop.is_set():
                try:
                    reply = session.post(f"http://127.0.0.1:{server.port}/score", content=b"[]")
                except httpx.ConnectError:
                    return
                except httpx.TransportError as error:
                    lost.append(error)
                    return
                statuses.append(reply.status_code)
                if reply.headers.get("connection") == "close":
                    # A load balancer that saw "not ready" by now sends nothing more.
                    time.sleep(0.2)
                    if time.monotonic() > ending + 1.0:
                        return

    ending = time.monotonic() + 1e9
    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    ending = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.wait_for("/ready", 503)
    code = server.process.wait(10)
    stop.set()
    for thread in threads:
        thread.join()
    assert (code, lost, set(statuses)) == (0, [], {200})


def test_workers_do_not_outlive_the_server(serve):
    server = serve()
    (worker,) = server.workers()
    server.process.kill()
    server.process.wait()
    last = time.monotonic() + 5
    while Path(f"/proc/{worker}").exists() and time.monotonic() < last:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()


def test_every_line_of_the_log_is_json_with_the_id_of_its_request(serve):
    server = serve("""
        import logging
        def init(): print("loading")
        def run(raw_data):
            print("scoring")
            logging.getLogger("mine").warning("careful")
            return 1
    """)
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    server.score({}, headers={"x-request-id": "the-id", "traceparent": trace})
    lines = {line["message"]: line for line in server.lines()}
    assert lines["loading"]["stream"] == "stdout"
    assert lines["scoring"]["request_id"] == "the-id"
    assert lines["careful"]["request_id"] == "the-id"
    assert {lines[name]["trace_id"] for name in ("scoring", "careful", "request")} == {"a" * 32}
    assert lines["request"]["status"] == 200


def test_metrics_count_requests_and_measure_run(serve):
    server = serve()
    for _ in range(3):
        server.score([])
    server.score(b"{")
    page = server.metrics()
    assert 'scoring_requests_total{status="200"} 3.0' in page
    assert 'scoring_requests_total{status="400"} 1.0' in page
    assert "scoring_run_duration_seconds_count 3.0" in page
    assert all(f"# TYPE {name} gauge" in page for name in GAUGES)
    assert all(f"# TYPE {name}_total counter" in page for name in COUNTERS)


def test_observers_see_scored_requests_and_cannot_harm_them(make):
    server = make(observers="watcher:Watcher,watcher:Broken")
    (server.folder / "watcher.py").write_text("""
class Watcher:
    def observe(self, scored):
        with open("seen", "ab") as file:
            file.write(scored.work.body + scored.answer.body)

class Broken:
    def observe(self, scored):
        raise ValueError("broken")
""")
    server.start()
    assert server.score(b"[1]").json() == [1]
    last = time.monotonic() + 5
    while not (server.folder / "seen").exists() and time.monotonic() < last:
        time.sleep(0.02)
    assert (server.folder / "seen").read_bytes() == b"[1][1]"
    assert server.score(b"[2]").json() == [2]
    assert "observer failed" in str(server.lines())


def test_several_workers_share_the_requests_and_one_may_fall(serve):
    server = serve(DRILL, workers=2, queue_wait_ms=10_000)
    last = time.monotonic() + 10
    while len(server.workers()) < 2 and time.monotonic() < last:
        time.sleep(0.02)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(server.score, ["print"] * 24))
    assert {answer.json() for answer in answers} == set(server.workers())
    os.kill(server.workers()[0], signal.SIGKILL)
    assert server.score("work").status_code == 200
    assert server.probe("/ready") == 200


def test_text_that_is_not_unicode_does_not_end_the_log(serve):
    server = serve("""
        def init(): pass
        def run(raw_data):
            print("lone \\udc80 surrogate")
            print("after it")
            return 1
    """)
    server.score({})
    messages = [line["message"] for line in server.lines()]
    assert "lone \udc80 surrogate" in messages
    assert "after it" in messages
