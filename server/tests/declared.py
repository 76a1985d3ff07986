"""Servers of scripts that declare their inputs, and requests to them."""

import json

import pytest

from server import ScoringServer


def module_server(script):
    @pytest.fixture(scope="module")
    def server(tmp_path_factory):
        made = ScoringServer(
            tmp_path_factory.mktemp("typed") / "server", script, SERVICE_NAME="svc"
        )
        yield made.start()
        made.remove()

    return server


def infer(server, request, blob=b"", **headers):
    text = request if isinstance(request, bytes) else json.dumps(request).encode()
    if blob:
        headers["inference-header-content-length"] = str(len(text))
    with server.client() as client:
        return client.post("/v2/models/svc/infer", content=text + blob, headers=headers)
