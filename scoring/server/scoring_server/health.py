"""The health port: probes and metrics, apart from the traffic and without a key."""

import asyncio
from collections.abc import Callable

from scoring_server.metrics import Metrics

_TEXT = [("content-type", "text/plain; version=0.0.4; charset=utf-8")]


class HealthApp:
    """Answers probes with what is true now (an RSGI application)."""

    def __init__(
        self,
        started: Callable[[], bool],
        ready: Callable[[], bool],
        metrics: Metrics,
    ) -> None:
        self._probes = {"/live": lambda: True, "/startup": started, "/ready": ready}
        self._metrics = metrics

    async def __rsgi__(self, scope: object, protocol: object) -> None:
        """Serve one request (called by the HTTP server)."""
        probe = self._probes.get(scope.path)
        if scope.method not in ("GET", "HEAD"):
            protocol.response_bytes(405, [*_TEXT, ("allow", "GET, HEAD")], b"read with GET\n")
        elif scope.path == "/metrics":
            protocol.response_bytes(200, _TEXT, self._metrics.exposition())
        elif probe is None:
            protocol.response_bytes(404, _TEXT, b"not found\n")
        elif probe():
            protocol.response_bytes(200, _TEXT, b"ok\n")
        else:
            protocol.response_bytes(503, _TEXT, b"not now\n")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing to prepare (called by the HTTP server)."""

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing to release (called by the HTTP server)."""
