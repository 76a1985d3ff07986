"""Scripts written for Azure ML run unchanged."""

import httpx
import pytest

from server import add_inference_schema

SIMPLE = "def init(): pass\ndef run(raw_data): return {}\n"


def test_run_receives_the_body_as_text(serve):
    server = serve(
        "def init(): pass\ndef run(raw_data): return [type(raw_data).__name__, raw_data]"
    )
    assert server.score(b'{"a": 1}').json() == ["str", '{"a": 1}']


def test_run_receives_bytes_if_its_parameter_says_so(serve):
    server = serve("def init(): pass\ndef run(raw_data: bytes): return raw_data.hex()")
    options = {"headers": {"content-type": "application/octet-stream"}}
    assert server.score(b"\x00\xff", **options).json() == "00ff"


def test_run_receives_bytes_that_are_not_text_as_they_are(serve):
    server = serve("def init(): pass\ndef run(raw_data): return type(raw_data).__name__")
    options = {"headers": {"content-type": "application/octet-stream"}}
    assert server.score(b"\xff\xfe", **options).json() == "bytes"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("np.array([[1.5, 2.0]])", [[1.5, 2.0]]),
        ("{'mean': np.float32(0.5), 'n': np.int64(3)}", {"mean": 0.5, "n": 3}),
        ("[np.bool_(True)]", [True]),
        ("np.array(['a', 'b'])", ["a", "b"]),
        ("np.array([[1, 2], [3, 4]])[:, 0]", [1, 3]),
        ("pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})", [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        ("pd.Series([1, 2])", [1, 2]),
        ("'text'", "text"),
        ("None", {}),
        ("(1, {2})", [1, [2]]),
        ("2 ** 70", 2**70),
        ("{1: 'one'}", {"1": "one"}),
        ("[float('nan'), np.nan]", [None, None]),
        ("datetime.date(2020, 1, 2)", "2020-01-02"),
    ],
)  # fmt: skip
def test_whatever_json_can_say_is_answered(one_for_all, expression, expected):
    response = one_for_all.score(expression)
    assert response.status_code == 200, response.text
    assert response.json() == expected


@pytest.fixture(scope="module")
def one_for_all(tmp_path_factory):
    from server import ScoringServer

    script = """
        import datetime
        import json
        import numpy as np
        import pandas as pd

        def init(): pass
        def run(raw_data): return eval(json.loads(raw_data))
    """
    server = ScoringServer(tmp_path_factory.mktemp("eval") / "server", script)
    yield server.start()
    server.remove()


def test_bytes_are_answered_as_they_are(serve):
    server = serve("def init(): pass\ndef run(raw_data): return b'\\x00\\x01'")
    response = server.score({})
    assert response.content == b"\x00\x01"
    assert response.headers["content-type"] == "application/octet-stream"


def test_a_response_object_sets_status_and_headers(serve):
    server = serve("""
        from azureml.contrib.services.aml_response import AMLResponse
        def init(): pass
        def run(raw_data):
            return AMLResponse("teapot", 418, {"x-kind": "short", "content-type": "text/plain"})
    """)
    response = server.score({})
    assert (response.status_code, response.text) == (418, "teapot")
    assert response.headers["x-kind"] == "short"
    assert response.headers["content-type"] == "text/plain"


@pytest.mark.parametrize(
    "response",
    ["Response(b'', 101)", "Response(b'', 99999)", "Response(b'', headers={'x-a': 'b\\r\\nc: d'})"],
)
def test_a_response_that_http_cannot_carry_is_a_fault_of_the_script(serve, response):
    server = serve(f"""
        from scoring_server.types import Response
        def init(): pass
        def run(raw_data): return {response}
    """)
    answer = server.score({})
    assert answer.status_code == 500
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_rawhttp_gives_run_the_request_itself(serve):
    server = serve("""
        from azureml.contrib.services.aml_request import AMLRequest, rawhttp
        def init(): pass
        @rawhttp
        def run(request):
            return [request.method, request.args.get("a"), request.headers["x-own"],
                    request.get_data().decode(), request.files["f"].read().decode()
                    if request.files else None]
    """)
    with server.client(params={"a": "1"}) as client:
        del client.headers["content-type"]
        got = client.get("/score", headers={"x-own": "2"})
        assert got.json() == ["GET", "1", "2", "", None]
        sent = client.post("/score", headers={"x-own": "2"}, files={"f": b"content"})
    assert sent.json()[4] == "content"


def test_async_run_is_awaited(serve):
    server = serve("""
        import asyncio
        def init(): pass
        async def run(raw_data):
            await asyncio.sleep(0.01)
            return raw_data
    """)
    assert server.score([1]).json() == "[1]"


def test_request_headers_are_given_to_a_run_that_asks_for_them(serve):
    server = serve("""
        def init(): pass
        def run(raw_data, request_headers): return request_headers["x-own"]
    """)
    assert server.score({}, headers={"x-own": "mine"}).json() == "mine"


def test_the_script_imports_its_siblings_and_finds_its_model(make, tmp_path):
    server = make("""
        import os
        import sibling
        def init(): pass
        def run(raw_data): return [sibling.VALUE, os.environ["AZUREML_MODEL_DIR"], os.getcwd()]
    """, AZUREML_MODEL_DIR="/models/m/1")  # fmt: skip
    (server.folder / "app" / "sibling.py").write_text("VALUE = 7")
    server.start()
    assert server.score({}).json() == [7, "/models/m/1", str(server.folder / "app")]


def test_both_routes_of_v1_score(serve):
    server = serve(SERVICE_NAME="svc")
    with server.client() as client:
        assert client.post("/score", content=b"[1]").json() == [1]
        assert client.post("/api/v1/service/svc/score", content=b"[2]").json() == [2]
        assert client.post("/api/v1/service/other/score", content=b"[3]").status_code == 404


def test_run_time_and_ids_come_back_in_headers(echo):
    response = echo.score({}, headers={"x-request-id": "abc", "x-ms-client-request-id": "def"})
    assert float(response.headers["x-ms-run-fn-exec-ms"]) > 0
    assert response.headers["x-request-id"] == "abc"
    assert response.headers["x-ms-client-request-id"] == "def"


def test_each_answer_of_both_ports_carries_the_common_headers(echo):
    scoring, health = (f"http://127.0.0.1:{port}" for port in (echo.port, echo.health_port))
    answers = [
        echo.score([1]),
        echo.score(b"{"),
        httpx.get(f"{scoring}/nowhere"),
        httpx.get(f"{scoring}/v2/health/live"),
        httpx.head(f"{health}/live"),
        httpx.get(f"{health}/metrics"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 404, 200, 200, 200]
    assert {answer.headers["server"] for answer in answers} == {"scoring-server"}


def test_an_id_that_could_break_headers_or_logs_is_replaced(echo):
    response = echo.score({}, headers={"x-request-id": "a" * 500})
    assert len(response.headers["x-request-id"]) == 32


def test_a_script_decorated_with_input_schema_receives_its_parameters(make):
    server = make("""
        from inference_schema.schema_decorators import input_schema
        def init(): pass
        @input_schema("first", None)
        def run(first, second=2): return [first, second]
    """)
    add_inference_schema(server)
    server.start()
    assert server.score({"first": 1}).json() == [1, 2]
    assert server.score({"second": 1}).status_code == 400
    with server.client() as client:
        definitions = client.get("/swagger.json").json()["definitions"]
    assert definitions["ServiceOutput"] == {"type": "array"}
