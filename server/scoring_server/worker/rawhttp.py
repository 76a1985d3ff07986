"""Scripts whose `run` takes the HTTP request itself (`@rawhttp`)."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any

from scoring_server.messages import Work
from scoring_server.worker.handler import Prepared, ScoredAlone
from scoring_server.worker.request_headers import headers_of
from scoring_server.worker.script import InvalidScript, Script

_MODULES = (
    "azureml.contrib.services.aml_request",
    "azureml_inference_server_http.api.aml_request",
)


def is_rawhttp(script: Script) -> bool:
    """Whether the script asked for requests: the decorator leaves its mark in its module."""
    modules = (sys.modules.get(name) for name in _MODULES)
    marked = any(getattr(module, "_rawHttpRequested", False) for module in modules)
    return marked or getattr(script.run, "__rawhttp__", False)


class RawHttpHandler(ScoredAlone):
    """Gives `run` a request of Werkzeug, which is what it always was."""

    any_method = True
    accepts: tuple[str, ...] | None = None
    wants_headers = True

    def __init__(self, script: Script) -> None:
        """Find the class of requests among the script's packages."""
        script.check_filled(1)
        self._name = next(iter(script.inputs))
        self._headers = script.wants_headers
        try:
            from werkzeug.wrappers import Request  # noqa: PLC0415 - only these scripts need it
        except ImportError:
            raise InvalidScript("@rawhttp needs the package werkzeug in the conda file") from None
        self._request = Request

    def prepare(self, work: Work) -> Prepared:
        """Build the request."""
        arguments: dict[str, Any] = {self._name: self._request(_environment(work))}
        if self._headers:
            arguments["request_headers"] = headers_of(work)
        return Prepared(work, arguments)


def _environment(work: Work) -> dict[str, Any]:
    """The request as WSGI has it."""
    path, _, query = work.target.partition("?")
    environment: dict[str, Any] = {
        "REQUEST_METHOD": work.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "5001",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(work.body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(work.body),
    }
    for name, value in work.headers or ():
        if name == "content-type":
            environment["CONTENT_TYPE"] = value
        elif name != "content-length":
            key = f"HTTP_{name.upper().replace('-', '_')}"
            environment[key] = f"{environment[key]},{value}" if key in environment else value
    return environment
