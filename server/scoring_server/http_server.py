"""Ports, connections and their limits, on top of aiohttp.

aiohttp parses (llhttp), limits the size of heads, keeps connections alive and skips the rest of
bodies that were refused. Limits that it lacks are added here in subclasses: how long a head may
take, and how many connections may be open. docs/adr/0001-scoring-server.md lists what of this goes
beyond the documentation of aiohttp.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import StreamResponse
from aiohttp.web_server import Server

from scoring_server.connection import Connection

_SWEEP_S = 0.25
# Read from a socket before the application asks for it.
_READ_AHEAD_BYTES = 1 << 18
_BACKLOG = 1024


class Limits(NamedTuple):
    """What the clients of one port may do."""

    connections: int
    """Open at a time; beyond it, the one that has waited longest makes room."""
    head_s: float
    """Seconds to the end of a head, from the connection or from the first byte of a later head."""
    idle_s: float
    """Seconds between two requests of a connection."""
    linger_s: float = 5.0
    """Seconds to read the rest of a refused body: a client that is cut off while it sends never
    gets the answer."""


class HttpServer(Server):
    """One port and its connections."""

    def __init__(
        self,
        handle: Callable[[BaseRequest], Awaitable[StreamResponse]],
        refuse: Callable[[int, str], StreamResponse],
        limits: Limits,
    ) -> None:
        """`handle` answers requests, `refuse` what is not valid HTTP."""
        # A request whose caller disconnects is cancelled.
        super().__init__(handle, request_factory=self._request, handler_cancellation=True)
        self._refuse, self._limits = refuse, limits
        self._events = asyncio.get_running_loop()
        self._socket: asyncio.Server | None = None

    def __call__(self) -> Connection:
        """Make the protocol of a new connection (called by asyncio)."""
        return Connection(
            self,
            self._refuse,
            loop=self._events,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=self._limits.idle_s,
            lingering_time=self._limits.linger_s,
            read_bufsize=_READ_AHEAD_BYTES,
        )

    def connection_made(self, handler: Connection, transport: asyncio.Transport) -> None:
        """Count a connection, and make room for it (called by aiohttp)."""
        super().connection_made(handler, transport)
        connections = self.connections
        if len(connections) > self._limits.connections:
            waiting = [connection for connection in connections if not connection.busy]
            # Never empty: the new connection is not busy.
            min(waiting, key=lambda connection: connection.since).drop()

    async def listen(self, host: str, port: int) -> None:
        """Accept connections from now on."""
        self._socket = await self._events.create_server(self, host, port, backlog=_BACKLOG)

    @property
    def port(self) -> int:
        """The port that it accepts connections on; 0 while it accepts none."""
        sockets = self._socket.sockets if self._socket is not None else ()
        return sockets[0].getsockname()[1] if sockets else 0

    async def watch(self) -> None:
        """Close connections whose head takes too long; never returns."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            oldest = time.monotonic() - self._limits.head_s
            for connection in self.connections:
                if 0.0 < connection.head_since < oldest and not connection.busy:
                    connection.drop()

    @property
    def busy(self) -> int:
        """Requests that are accepted (the head is complete) and not yet answered to the end."""
        return sum(connection.busy for connection in self.connections)

    def close_idle(self) -> None:
        """Accept no more connections and close those that are between two requests."""
        if self._socket is not None:
            self._socket.close()
        for connection in self.connections:
            if not connection.busy:
                connection.force_close()

    async def stop(self, timeout_s: float) -> None:
        """Close all connections; an answer that is being written has `timeout_s` to end."""
        self.close_idle()
        await self.shutdown(timeout_s)

    def _request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        connection: Connection,
        writer: AbstractStreamWriter,
        task: "asyncio.Task[None]",
    ) -> BaseRequest:
        # The head is complete.
        connection.busy, connection.head_since = True, 0.0
        return BaseRequest(message, payload, connection, writer, task, self._events)
