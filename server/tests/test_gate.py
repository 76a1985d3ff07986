"""The sample that a replica has to answer before it takes requests."""

import json
import signal
import time
from pathlib import Path

import httpx
import pytest

from scoring_server.comparison import Tolerance, differences, parsed
from server import ECHO, ScoringServer

SUM = """
import json

def init(): pass

def run(raw_data):
    return [sum(row) for row in json.loads(raw_data)["data"]]
"""


def put_sample(
    server: ScoringServer,
    request: object,
    expected: object = ...,
    content_type: str = "application/json",
    **rules: object,
) -> ScoringServer:
    """Give a server a sample; one that is not bytes is written as JSON."""
    folder = server.folder / "sample"
    folder.mkdir()
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    (folder / "request").write_bytes(body)
    if expected is not ...:
        (folder / "expected.json").write_text(json.dumps(expected))
    text = {"contentType": content_type, "relative": 1e-6, "absolute": 1e-12, **rules}
    (folder / "rules.json").write_text(json.dumps(text))
    server.set(sample_dir=folder)
    return server


def refused(server: ScoringServer) -> str:
    """The termination message of a server that its sample ends."""
    assert server.start(wait=False).process.wait(20) == 65
    message = (server.folder / "termination").read_text()
    assert server.lines()[-1]["message"] == message
    start = "the sample is not answered as expected: "
    assert message.startswith(start)
    return message.removeprefix(start)


def test_a_sample_that_is_answered_as_expected_opens_the_port(make):
    server = put_sample(make(SUM), {"data": [[1, 2], [3, 4]]}, [3, 7]).start()
    assert server.score({"data": [[5, 5]]}).json() == [10]
    lines = server.lines()
    (sample,) = [line for line in lines if line.get("request_id") == "sample"]
    assert (sample["path"], sample["status"]) == ("/score", 200)
    assert any(line["message"] == "the sample is answered as expected" for line in lines)


def test_a_wrong_answer_ends_the_server_with_expected_and_got(make):
    server = put_sample(make(SUM), {"data": [[1, 2], [3, 4]]}, [3, 8])
    assert refused(server) == "at $[1] expected 8, got 7; in all, expected [3,8], got [3,7]"


def test_a_message_names_some_differences_and_fits_into_what_kubernetes_takes(make):
    many = [["é" * 500] for _ in range(100)]
    message = refused(put_sample(make(ECHO), many, [["x"] for _ in range(100)]))
    assert message.count("; at $") == 2
    assert "; and more; in all, expected " in message
    assert len(message.encode()) < 3000


def test_nobody_else_is_answered_before_the_sample_is(make):
    server = put_sample(make("""
        import os, time
        def init(): pass
        def run(raw_data):
            open("called", "a").write("x")
            while not os.path.exists("go"): time.sleep(0.01)
            return 1
    """), {}, 1)  # fmt: skip
    called, go = server.folder / "app" / "called", server.folder / "app" / "go"
    server.start(wait=False)
    last = time.monotonic() + 20
    while not called.exists() and time.monotonic() < last:
        time.sleep(0.02)
    assert (server.probe("/startup"), server.probe("/ready")) == (200, 503)
    with pytest.raises(httpx.ConnectError):
        server.score({})
    go.touch()
    server.wait_for("/ready", 200)
    assert called.read_text() == "x"
    assert server.score({}).json() == 1


@pytest.mark.parametrize(
    ("rules", "settings", "said"),
    [
        ({"timeoutSeconds": 0.5}, {}, "there was no answer within 0.5 s"),
        ({"timeoutSeconds": 20}, {"timeout_ms": 300}, "expected status 200, got 504"),
        ({}, {"timeout_ms": 300}, "expected status 200, got 504"),
    ],
)
def test_a_slow_answer_ends_the_server(make, rules, settings, said):
    slow = "import time\ndef init(): pass\ndef run(raw_data): time.sleep(60)"
    server = put_sample(make(slow, **settings), {}, **rules)
    assert refused(server).startswith(said)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("def init(): pass\ndef run(raw_data): raise OSError('lost')",
         "expected status 200, got 500: {"),
        ("import os\ndef init(): pass\ndef run(raw_data): os._exit(1)",
         "expected status 200, got 500: {"),
        ("def init(): pass\ndef run(raw_data): return b'id,score'", "expected JSON, got something"),
        ("def init(): pass\ndef run(raw_data): return b'NaN'", "expected JSON, got something"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_prediction_ends_the_server(make, script, said):
    assert refused(put_sample(make(script), {}, 1)).startswith(said)


def test_a_secret_sample_shows_no_value_of_either_side(make):
    server = put_sample(make(SUM), {"data": [[1111, 2222]]}, [4444], hidden=True)
    assert refused(server) == "it differs at $[0] (the sample is secret)"
    failing = "def init(): pass\ndef run(raw_data, more=1): raise ValueError"
    server = put_sample(make(failing), {"data": 1111}, hidden=True)
    assert refused(server) == "expected status 200, got 500"
    assert "1111" not in server.log()


def test_without_an_expected_answer_any_with_status_200_will_do(make):
    put_sample(make(SUM), {"data": [[1, 2]]}).start()
    assert refused(put_sample(make(SUM), {"rows": 1})).startswith("expected status 200, got 500")


def test_missing_values_of_a_result_are_expected_as_null(make):
    script = "def init(): pass\ndef run(raw_data): return [float('nan'), 1.0, float('inf')]"
    put_sample(make(script), {}, [None, 1.0, None]).start()


def test_the_tolerance_is_that_of_the_sample(make):
    script = "def init(): pass\ndef run(raw_data): return {'score': 100.4}"
    put_sample(make(script), {}, {"score": 100}, relative=0.005).start()
    server = put_sample(make(script), {}, {"score": 100}, relative=0.003)
    assert refused(server).startswith("at $.score expected 100, got 100.4")


def test_a_sample_waits_for_all_workers_and_may_be_scored_by_each(make):
    script = """
        import os, time
        def init(): pass
        def run(raw_data):
            time.sleep(0.3)
            open(f"worker-{os.getpid()}", "w").close()
            return 1
    """
    server = put_sample(make(script, workers=2), {}, 1).start()
    assert len(list((server.folder / "app").glob("worker-*"))) == 2


TYPED = """
from typing import Annotated
import numpy as np
from scoring_server.types import Array

def init(): pass
def run(data: Annotated[np.ndarray, Array(shape=(None, 2))]):
    return data.sum(axis=1)
"""
RAWHTTP = """
from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse

def init(): pass
@rawhttp
def run(request):
    return AMLResponse({"bytes": len(request.get_data())}, 200, json_str=True)
"""


@pytest.mark.parametrize(
    ("script", "request_body", "content_type", "expected", "settings"),
    [
        (TYPED, {"data": [[1, 2], [3, 4]]}, "application/json", [3.0, 7.0], {}),
        (TYPED, {"data": [[1, 2], [3, 4]]}, "application/json", [3.0, 7.0], {"batch": "on"}),
        (SUM, {"data": [[1, 2]]}, "application/json", [3], {"batch": "on"}),
        ("async def init(): pass\nasync def run(raw_data): return raw_data", {"a": 1},
         "application/json", '{"a": 1}', {"concurrency": 4}),
        (RAWHTTP, b"\x89PNG\xff\x00", "image/png", {"bytes": 6}, {}),
        ("def init(): pass\ndef run(raw_data: bytes): return len(raw_data)", b"\xff\x00",
         "application/octet-stream", 2, {}),
        ("def init(): pass\ndef run(raw_data): return raw_data.split(',')", b"a,b", "text/csv",
         ["a", "b"], {}),
    ],
)  # fmt: skip
def test_every_kind_of_script_may_have_a_sample(
    make, script, request_body, content_type, expected, settings
):
    put_sample(make(script, **settings), request_body, expected, content_type).start()
    last = json.loads(json.dumps(expected).replace("1", "5").replace("2", "6").replace("a", "z"))
    if last != expected:
        refused(put_sample(make(script, **settings), request_body, last, content_type))


def test_a_service_without_keys_and_one_without_any_key_are_told_apart(make):
    server = put_sample(make(SUM, auth="none"), {"data": [[1]]}, [1])
    (server.folder / "keys" / "primary").unlink()
    server.start()
    server = put_sample(make(SUM), {"data": [[1]]}, [1])
    (server.folder / "keys" / "primary").unlink()
    assert refused(server).startswith("expected status 200, got 401")


def test_sigterm_ends_a_server_whose_sample_is_being_scored(make):
    server = put_sample(make("""
        import time
        def init(): pass
        def run(raw_data):
            open("called", "w").close()
            time.sleep(30)
    """, drain_ms=20_000), {})  # fmt: skip
    server.start(wait=False)
    last = time.monotonic() + 20
    while not (server.folder / "app" / "called").exists() and time.monotonic() < last:
        time.sleep(0.02)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(10) == 0


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("rules.json", '{"contentType": "a/b", "relative": 0}', "field `absolute`"),
        ("rules.json", '{"contentType": "a/b", "relative": 0, "absolute": 0, "x": 1}', "field `x`"),
        ("expected.json", "NaN", "expected.json is not JSON"),
        ("request", None, "the sample cannot be read"),
    ],
)  # fmt: skip
def test_a_sample_that_cannot_be_used_ends_the_start_with_one_line(make, file, text, said):
    server = put_sample(make(SUM), {"data": []}, [])
    path = Path(server.folder, "sample", file)
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    assert server.start(wait=False).process.wait(20) == 78
    (line,) = server.lines()
    assert said in line["message"]


def compared(expected: str, got: str, relative: float = 0, absolute: float = 0) -> list[str]:
    """The differences of two JSON texts."""
    found = differences(parsed(expected), parsed(got), Tolerance(relative, absolute))
    return [f"{path} {one} {other}" for path, one, other in found]


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("[1, 2.5, true, null, \"a\", {}]", "[1, 2.5, true, null, \"a\", {}]"),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        # What a recorded number loses on its way through JavaScript.
        ("[30, 70]", "[30.0, 70.0]"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("1e999", "1e999"),
        ("[" * 900 + "]" * 900, "[" * 900 + "]" * 900),
    ],
)  # fmt: skip
def test_equal_values_have_no_differences(expected, got):
    assert compared(expected, got) == []


@pytest.mark.parametrize(
    ("expected", "got", "difference"),
    [
        ("1", "2", "$ 1 2"),
        ("1", "true", "$ 1 true"),
        ("false", "0", "$ false 0"),
        ("1", '"1"', '$ 1 "1"'),
        ("null", "0.0", "$ null 0.0"),
        ("[]", "{}", "$ [] {}"),
        ("[1, 2]", "[1]", "$ 2 items 1 item"),
        ('{"a": 1}', '{"a": 1, "b": 2}', "$.b nothing 2"),
        ('{"a": 1, "two words": 2}', '{"a": 1}', '$["two words"] 2 nothing'),
        ('{"a": [{"b": 1.5}]}', '{"a": [{"b": 1.6}]}', "$.a[0].b 1.5 1.6"),
        # Whole numbers are labels and counts, of which a millionth is one too many.
        ("12345678901234567890123", "12345678901234567890124",
         "$ 12345678901234567890123 12345678901234567890124"),
        ("1e999", "1.0", "$ Infinity 1.0"),
        ("1.0", "1e999", "$ 1.0 Infinity"),
    ],
)  # fmt: skip
def test_a_difference_is_told_with_its_place(expected, got, difference):
    assert compared(expected, got) == [difference]


@pytest.mark.parametrize(
    ("expected", "got", "relative", "absolute", "same"),
    [
        ("100.0", "100.9", 0.01, 0, True),
        ("100.0", "101.1", 0.01, 0, False),
        ("0.0", "0.05", 0.5, 0, False),
        ("0.0", "0.05", 0, 0.1, True),
        ("100.0", "100.9", 0.001, 1, True),
        ("-1.0", "-1.05", 0.1, 0, True),
        ("100", "101", 0.5, 5, False),
        ("100", "101.0", 0.5, 0, True),
        ("1e308", "-1e308", 0.5, 0, False),
        ("1" * 400, "1.0", 0.5, 0, False),
    ],
)
def test_fractions_are_the_same_within_a_tolerance(expected, got, relative, absolute, same):
    assert (compared(expected, got, relative, absolute) == []) is same
