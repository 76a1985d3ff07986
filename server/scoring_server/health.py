"""The health port: probes and metrics, apart from the traffic and without a key."""

from collections.abc import Callable

from aiohttp.web_request import BaseRequest
from aiohttp.web_response import StreamResponse

from scoring_server.metrics import Metrics
from scoring_server.requests import plain
from scoring_server.responses import respond
from scoring_server.whole_response import WholeResponse

_TEXT = ("content-type", "text/plain; version=0.0.4; charset=utf-8")


class HealthApp:
    """Answers probes with what is true now."""

    def __init__(
        self,
        started: Callable[[], bool],
        ready: Callable[[], bool],
        metrics: Metrics,
    ) -> None:
        self._probes = {"/live": lambda: True, "/startup": started, "/ready": ready}
        self._metrics = metrics

    async def handle(self, request: BaseRequest) -> StreamResponse | WholeResponse:
        """Serve one request (called by the HTTP server)."""
        path = request.rel_url.raw_path
        probe = self._probes.get(path)
        if request.method not in ("GET", "HEAD"):
            return _text(request, 405, b"use GET\n", ("allow", "GET, HEAD"))
        if path == "/metrics":
            return _text(request, 200, self._metrics.exposition())
        if probe is None:
            return _text(request, 404, b"not found\n")
        return _text(request, 200, b"ok\n") if probe() else _text(request, 503, b"not ready\n")

    def refuse(self, status: int, message: str) -> StreamResponse | WholeResponse:
        """Answer what never became a request (called by the HTTP server)."""
        return _text(None, status, plain(message).encode())


def _text(
    request: BaseRequest | None, status: int, body: bytes, *headers: tuple[str, str]
) -> StreamResponse | WholeResponse:
    return respond(request, status, [_TEXT, *headers], body)
