"""The health port: probes and metrics, apart from the traffic and without a key."""

from collections.abc import Callable

from aiohttp.web_request import BaseRequest
from aiohttp.web_response import Response

from scoring_server.metrics import Metrics

_HEADERS = [
    ("content-type", "text/plain; version=0.0.4; charset=utf-8"),
    ("server", "scoring-server"),
]


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

    async def handle(self, request: BaseRequest) -> Response:
        """Serve one request (called by the HTTP server)."""
        path = request.rel_url.raw_path
        probe = self._probes.get(path)
        if request.method not in ("GET", "HEAD"):
            return _text(405, "read with GET\n", [("allow", "GET, HEAD")])
        if path == "/metrics":
            return _text(200, self._metrics.exposition())
        if probe is None:
            return _text(404, "not found\n")
        return _text(200, "ok\n") if probe() else _text(503, "not now\n")

    def refuse(self, status: int, message: str) -> Response:
        """Answer what never became a request (called by the HTTP server)."""
        return _text(status, f"{message}\n")


def _text(status: int, text: str | bytes, headers: list[tuple[str, str]] | tuple = ()) -> Response:
    body = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    return Response(status=status, body=body, headers=[*_HEADERS, *headers])
