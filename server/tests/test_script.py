"""Only an explicit declaration changes how `run` is called."""

import pytest

from server import add_inference_schema, add_package

FUTURE = "from __future__ import annotations"


@pytest.mark.parametrize(
    ("first_line", "signature"),
    [
        (FUTURE, "raw_data: str) -> pd.DataFrame"),
        (FUTURE, "raw_data: Missing)"),
        (FUTURE, "raw_data: pd.DataFrame)"),
        (FUTURE, "raw_data: np.ndarray)"),
        (FUTURE, "raw_data, extra: pd.DataFrame = None)"),
        ("", "raw_data: 'pd.DataFrame') -> 'Undefined[int]'"),
        ("", "raw_data: '1 +')"),
        ("", "raw_data: np.ndarray)"),
        ("", "raw_data: str) -> np.ndarray"),
        ("", "raw_data: dict)"),
        ("", "raw_data: Optional[str] = None)"),
    ],
)
def test_annotations_without_a_declaration_leave_the_body_a_string(make, first_line, signature):
    script = f"""
{first_line}
import json
from typing import TYPE_CHECKING, Optional
import numpy as np
if TYPE_CHECKING:
    import pandas as pd
def init(): pass
def run({signature}:
    return [type(raw_data).__name__, json.loads(raw_data)]
"""
    server = make(script).start()
    assert server.score({"data": [[1]]}).json() == ["str", {"data": [[1]]}]


def test_a_declaration_counts_beside_an_annotation_that_cannot_be_resolved(serve):
    server = serve("""
        from __future__ import annotations
        from typing import TYPE_CHECKING
        from typing import Annotated
        import numpy as np
        from scoring_server.types import Array
        if TYPE_CHECKING:
            import pandas as pd
        def init(): pass
        def run(data: Annotated[np.ndarray, Array(shape=(None, 2))]) -> pd.DataFrame:
            return data.sum(axis=1)
    """)
    assert server.score({"data": [[1, 2]]}).json() == [3]


def test_bytes_are_declared_by_their_name_too(serve):
    server = serve("""
        from __future__ import annotations
        def init(): pass
        def run(raw_data: bytes) -> Unknown: return raw_data.hex()
    """)
    options = {"headers": {"content-type": "application/octet-stream"}}
    assert server.score(b"\x00\xff", **options).json() == "00ff"


@pytest.mark.parametrize(
    "run",
    [
        "def run(raw_data, other): pass",
        "def run(raw_data, *, other): pass",
        "def run(raw_data, request_headers, other): pass",
        "async def run(raw_data, other): pass",
        "import numpy as np\ndef run(raw_data: np.ndarray, other): pass",
        "from azureml.contrib.services.aml_request import rawhttp\n@rawhttp\n"
        "def run(request, other): pass",
    ],
)
@pytest.mark.parametrize("batch", ["off", "on"])
def test_a_parameter_that_nothing_fills_is_refused_at_the_start(make, run, batch):
    server = make(f"def init(): pass\n{run}\n", batch=batch).start(wait=False)
    assert server.process.wait(20) == 70
    said = (server.folder / "termination").read_text()
    assert "run() has the parameter other, which no part of a request fills" in said


def test_both_decorators_at_once_are_refused_at_the_start(make):
    server = make("""
        from azureml.contrib.services.aml_request import rawhttp
        from inference_schema.schema_decorators import input_schema
        def init(): pass
        @rawhttp
        @input_schema("data", None)
        def run(data): return data
    """)
    add_inference_schema(server)
    server.start(wait=False)
    assert server.process.wait(20) == 70
    said = (server.folder / "termination").read_text()
    assert "run() cannot have both @rawhttp and @input_schema" in said


def test_files_beside_the_script_hide_no_module_of_python(make):
    server = make("""
        import random
        import helper
        def init(): pass
        def run(raw_data): return [random.Random(1).randint(1, 1), helper.VALUE]
    """)
    add_package(server, {"random.py": "", "helper.py": "VALUE = 2"})
    server.start()
    assert server.score({}).json() == [1, 2]


@pytest.mark.parametrize(
    "run",
    [
        "def run(raw_data, other=2): return [raw_data, other]",
        "def run(request_headers, raw_data, *, other=2): return [raw_data, other]",
        "both = lambda raw_data=None, other=2: [raw_data, other]\ninit = run = both",
        "class Run:\n    def __call__(self, raw_data, other=2): return [raw_data, other]\n"
        "run = Run()",
        "class Run:\n    async def __call__(self, raw_data, other=2): return [raw_data, other]\n"
        "run = Run()",
        "import functools\ndef scored(other, raw_data): return [raw_data, other]\n"
        "run = functools.partial(scored, 2)",
    ],
)
def test_parameters_with_a_default_keep_it(serve, run):
    server = serve(f"def init(): pass\n{run}\n")
    assert server.score([1]).json() == ["[1]", 2]


@pytest.mark.parametrize("settings", [{}, {"concurrency": 2}])
@pytest.mark.parametrize("kind", ["async def", "def"])
def test_async_init_is_awaited_in_the_event_loop_of_run(serve, settings, kind):
    server = serve(f"""
        import asyncio
        async def init():
            global loop, event
            await asyncio.sleep(0)
            loop, event = asyncio.get_running_loop(), asyncio.Event()
        async def started(raw_data):
            event.set()
            await event.wait()
            return loop is asyncio.get_running_loop()
        {kind} run(raw_data):
            {"return await started(raw_data)" if kind == "async def" else "return loop is not None"}
    """, **settings)  # fmt: skip
    assert server.score({}).json() is True


def test_async_init_that_raises_stops_the_start(make):
    server = make("async def init(): raise ValueError('no model')\ndef run(raw_data): pass")
    server.start(wait=False)
    assert server.process.wait(20) == 70
    assert "ValueError: no model" in (server.folder / "termination").read_text()


@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-TYPE"])
def test_request_headers_are_found_in_any_case(serve, name):
    server = serve(f"""
        def init(): pass
        def run(raw_data, request_headers):
            name = {name!r}
            return [request_headers[name], request_headers.get(name), name in request_headers,
                    request_headers.get("x-none", 5), "x-none" in request_headers]
    """)
    expected = ["application/json", "application/json", True, 5, False]
    assert server.score({}).json() == expected


def test_request_headers_have_the_names_that_azure_ml_passes(serve):
    server = serve("""
        def init(): pass
        def run(raw_data, request_headers):
            assert isinstance(request_headers, dict)
            return dict(request_headers)
    """)
    sent = [("x-ms-client-request-id", "a"), ("X-OWN", "1"), ("x-own", "2"), ("TraceId", "t")]
    with server.client() as client:
        headers = client.post("/score", content=b"{}", headers=sent).json()
    assert headers["X-Ms-Client-Request-Id"] == "a"
    assert headers["X-Own"].replace(" ", "") == "1,2"
    assert headers["Traceid"] == "t"
    assert headers["Content-Length"] == "2"
    assert headers["Content-Type"] == "application/json"
    assert headers["Host"] == f"127.0.0.1:{server.port}"


def test_a_header_that_is_missing_is_a_key_error(serve):
    server = serve("""
        def init(): pass
        def run(raw_data, request_headers):
            try:
                return request_headers["X-None"]
            except KeyError as error:
                return str(error)
    """)
    assert server.score({}).json() == "'X-None'"
