"""The log by itself."""

import json
import os
import signal
import threading
import time
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from scoring_server.logs import LogWriter


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    yield reader, writer
    for end in (reader, writer):
        with suppress(OSError):
            os.close(end)


def _read_all(reader: int, found: list[bytes]) -> threading.Thread:
    def read() -> None:
        while part := os.read(reader, 1 << 16):
            found.append(part)

    thread = threading.Thread(target=read)
    thread.start()
    return thread


def test_lines_of_several_threads_are_all_written_each_threads_in_order(tmp_path):
    path = Path(tmp_path, "log")
    with path.open("wb") as file:
        log = LogWriter(file.fileno())
        threads = [
            threading.Thread(
                target=lambda name=name: [log.info("line", thread=name, n=n) for n in range(900)]
            )
            for name in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        log.close()
    numbers = defaultdict(list)
    for line in path.read_bytes().splitlines():
        fields = json.loads(line)
        numbers[fields["thread"]].append(fields["n"])
    assert log.dropped == 0
    assert numbers == {name: list(range(900)) for name in range(8)}


def test_lines_that_nobody_reads_are_dropped_and_counted_and_the_log_goes_on(pipe):
    reader, writer = pipe
    log = LogWriter(writer)
    for _ in range(40_000):
        log.access("POST", "/score", 200, 0.001, "an id", "")
    # One queue waits and as much is being written.
    assert log.dropped > 40_000 - 21_000
    found: list[bytes] = []
    thread = _read_all(reader, found)
    said, started = 0, time.monotonic()
    while b"still here" not in b"".join(found[-2:]) and time.monotonic() - started < 10:
        log.info("still here")
        said += 1
        time.sleep(0.1)
    log.close()
    os.close(writer)
    thread.join()
    lines = b"".join(found).splitlines()
    assert len(lines) + log.dropped == 40_000 + said
    assert json.loads(lines[-1])["message"] == "still here"


def test_a_thread_interrupted_while_it_logs_stops_nobody_elses_log(tmp_path):
    class Interruption(BaseException):
        pass

    def interrupt(_signal: int, _frame: object) -> None:
        raise Interruption

    path = Path(tmp_path, "log")
    before = signal.signal(signal.SIGALRM, interrupt)
    with path.open("wb") as file:
        log = LogWriter(file.fileno())
        try:
            for _ in range(200):
                with suppress(Interruption):
                    signal.setitimer(signal.ITIMER_REAL, 0.002)
                    # Python swallows what is raised in a destructor: the loop ends without it, too.
                    for _ in range(5_000):
                        log.info("line")
                    signal.setitimer(signal.ITIMER_REAL, 0)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        time.sleep(0.2)
        log.info("the last")
        log.close()
    assert json.loads(path.read_bytes().splitlines()[-1])["message"] == "the last"


def test_an_interruption_before_the_writer_is_woken_loses_no_later_line(tmp_path, monkeypatch):
    class Interruption(BaseException):
        pass

    wake = threading.Event.set
    interruptions = [Interruption()]

    def interrupted(event: threading.Event) -> None:
        if interruptions:
            raise interruptions.pop()
        wake(event)

    path = Path(tmp_path, "log")
    with path.open("wb") as file:
        log = LogWriter(file.fileno())
        monkeypatch.setattr(threading.Event, "set", interrupted)
        with pytest.raises(Interruption):
            log.info("first")
        log.info("second")
        time.sleep(0.3)
        written = [json.loads(line)["message"] for line in path.read_bytes().splitlines()]
        log.close()
    assert written == ["first", "second"]


def test_access_lines_tell_the_time_to_the_millisecond(tmp_path):
    path = Path(tmp_path, "log")
    before = datetime.now(timezone.utc)
    with path.open("wb") as file:
        log = LogWriter(file.fileno())
        for _ in range(3):
            time.sleep(0.01)
            log.access("POST", "/score", 200, 0.001, "an id", "")
        log.close()
    times = [
        datetime.fromisoformat(json.loads(line)["time"]) for line in path.read_bytes().splitlines()
    ]
    assert times == sorted(times)
    assert all(time >= before + n * timedelta(milliseconds=10) for n, time in enumerate(times, 1))


def test_lines_queued_while_others_are_written_are_written_too(tmp_path):
    path = Path(tmp_path, "log")
    with path.open("wb") as file:
        log = LogWriter(file.fileno())
        for n in range(40):
            log.info("line", n=n)
            time.sleep(0.005)
        time.sleep(0.2)
        assert len(path.read_bytes().splitlines()) == 40
        log.close()


def test_a_line_that_is_no_text_costs_none_of_its_neighbours(tmp_path):
    path = Path(tmp_path, "log")
    with path.open("wb") as file:
        log = LogWriter(file.fileno())
        for n in range(100):
            log.info("\ud800" if n == 50 else "line", n=n)
        log.close()
    assert [json.loads(line)["n"] for line in path.read_bytes().splitlines()] == list(range(100))
