"""The health port: probes and metrics, apart from the traffic and without a key."""

from collections.abc import Callable

from aiohttp.web_request import BaseRequest
from aiohttp.web_response import StreamResponse

from scoring_server.metrics import Metrics
from scoring_server.requests import plain
from scoring_server.responses import respond

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


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

    async def handle(self, request: BaseRequest) -> StreamResponse:
        """Serve one request (called by the HTTP server)."""
        path = request.rel_url.raw_path
        probe = self._probes.get(path)
        if request.method not in ("GET", "HEAD"):
            allowed = [("allow", "GET, HEAD")]
            return respond(request, 405, _TEXT, b"read with GET\n", allowed)
        if path == "/metrics":
            return respond(request, 200, _TEXT, self._metrics.exposition())
        if probe is None:
            return respond(request, 404, _TEXT, b"not found\n")
        if probe():
            return respond(request, 200, _TEXT, b"ok\n")
        return respond(request, 503, _TEXT, b"not now\n")

    def refuse(self, status: int, message: str) -> StreamResponse:
        """Answer what never became a request (called by the HTTP server)."""
        return respond(None, status, _TEXT, plain(message).encode())
