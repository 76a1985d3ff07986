"""Whatever comes in, no answer is a fault of the server."""

import json
import subprocess

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import KEY

TYPED = """
    from typing import Annotated
    import numpy as np
    from scoring_server.types import Array

    def init(): pass

    def run(
        data: Annotated[np.ndarray, Array(shape=(None, 2))],
        codes: Annotated[np.ndarray, Array(dtype="int8", shape=(2,))] = np.zeros(2, "int8"),
        label: str = "",
    ):
        return data.sum(axis=1)
"""
LENIENT = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
tensor = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["data", "codes", "x"]),
        "shape": st.lists(st.integers(-2, 4), max_size=3),
        "datatype": st.sampled_from(["FP32", "FP64", "INT8", "BOOL", "BYTES", "X"]),
        "data": st.lists(values, max_size=8) | st.lists(st.integers(-200, 200), max_size=8),
    }
)
tensors = st.fixed_dictionaries({"inputs": st.lists(tensor, max_size=3)})
rows = st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=3), max_size=4)


@pytest.mark.parametrize("path", ["/score", "/v2/models/model/infer"])
def test_bodies_of_any_kind_are_answered_or_refused(serve, path):
    # The Open Inference Protocol knows arrays alone.
    script = TYPED.replace('label: str = "",', "") if path.startswith("/v2") else TYPED
    server = serve(script, access_log="false")
    bodies = (
        st.binary(max_size=200)
        | values.map(lambda value: json.dumps(value).encode())
        | rows.map(lambda value: json.dumps({"data": value}).encode())
    )
    with server.client() as client:

        @LENIENT
        @given(body=bodies | tensors.map(lambda value: json.dumps(value).encode()))
        def check(body):
            response = client.post(path, content=body)
            assert response.status_code in (200, 400), (body, response.text)

        check()
    assert len(server.workers()) == 1
    assert "scoring_worker_restarts_total 0.0" in server.metrics()


def test_paths_methods_and_headers_of_any_kind_are_answered_or_refused(serve):
    server = serve(access_log="false")
    visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=50)
    names = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz-"), min_size=1, max_size=20)
    taken = ("host", "content-length", "transfer-encoding", "connection", "expect", "upgrade")
    with server.client() as client:

        @LENIENT
        @given(
            method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE", "TRACE", "X-Y"]),
            path=visible,
            headers=st.dictionaries(names.filter(lambda name: name not in taken), visible),
        )
        def check(method, path, headers):
            try:
                address = httpx.URL(f"http://127.0.0.1:{server.port}/{path}")
            except httpx.InvalidURL:
                return
            response = client.request(method, address, headers=headers, content=b"1")
            assert response.status_code < 500, response.text

        check()


@pytest.mark.parametrize("version", ["2", "3"])
def test_the_service_is_what_its_own_description_says(serve, tmp_path, version):
    # The key is told where the description asks for one, so that it is left out in turn.
    server = serve(TYPED, SERVICE_NAME="svc", public_docs="true")
    settings_file = tmp_path / "schemathesis.toml"
    scheme = f'bearer = "{KEY}"' if version == "3" else f'api_key = "Bearer {KEY}"'
    settings_file.write_text(f"[auth.openapi.key]\n{scheme}\n")
    command = [
        "schemathesis", "--config-file", settings_file, "run", "--seed", "1", "--no-color",
        "--mode", "all", "--checks", "all", "--continue-on-failure", "--max-examples", "60",
        f"http://127.0.0.1:{server.port}/swagger.json?version={version}",
    ]  # fmt: skip
    result = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 0, result.stdout
    assert "No issues found" in result.stdout
