"""Ports, connections and their limits, on top of aiohttp.

aiohttp parses (llhttp), limits the size of heads, keeps connections alive and reads on over bodies
that were refused. What it has no limit for is added here, in calls that it documents: how long a
head may take, and how many connections may be open.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import NamedTuple, TypeVar

from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_exceptions import LineTooLong
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import StreamResponse
from aiohttp.web_server import Server

_SWEEP_S = 0.25
# Read from a socket before the application asks for it.
_READ_AHEAD_BYTES = 1 << 18
_BACKLOG = 1024
_TOO_MANY_HEADERS = "Too many"
_HEAD_TOO_LARGE = 431
# Called for each segment that arrives, so without the detour of super().
_data_received = RequestHandler.data_received
# Until then a task cannot start at once.
_EAGER_TASKS = sys.version_info >= (3, 12)

_Coroutine = TypeVar("_Coroutine", bound=Coroutine)


class Limits(NamedTuple):
    """What the clients of one port may do."""

    connections: int
    """Open at a time; beyond it, the one that has waited longest makes room."""
    head_s: float
    """From the connection or the first byte of a head to its end."""
    idle_s: float
    """Between two requests of a connection."""
    linger_s: float = 5.0
    """For reading the rest of a refused body: a client that is cut off while it sends never sees
    the answer."""


class _SameTask:
    """The event loop as a connection needs it, but for tasks.

    aiohttp awaits a task of its own for each request, so that a request keeps its context variables
    to itself. Nothing here sets any, and a task that only starts in the next turn of the loop costs
    a twentieth of the time of a request.
    """

    __slots__ = ("call_at", "create_future", "time")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take what a connection calls, without a detour."""
        self.call_at, self.create_future, self.time = loop.call_at, loop.create_future, loop.time

    def create_task(self, coroutine: _Coroutine) -> _Coroutine:
        """What can be awaited in the place of a task."""
        return coroutine


class Connection(RequestHandler):
    """One connection that notes what it is waiting for."""

    __slots__ = ("_refuse", "busy", "head_since", "since")

    def __init__(
        self, manager: Server, refuse: Callable[[int, str], StreamResponse], **options: object
    ) -> None:
        """`refuse` answers invalid heads."""
        super().__init__(manager, **options)
        self._refuse = refuse
        self.busy = False
        self.head_since = self.since = self._loop.time()

    async def start(self) -> None:
        """Serve the requests of this connection (called by aiohttp)."""
        if not _EAGER_TASKS:
            self._loop = _SameTask(self._loop)
        await super().start()

    def data_received(self, data: bytes) -> None:
        """Start the clock of a head with its first byte (called by asyncio)."""
        if not self.head_since:
            self.head_since = self._loop.time()
        _data_received(self, data)

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Go on reading if it was paused; aiohttp asks after each body, paused or not."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def drop(self) -> None:
        """Close at once, even if the client does not read what was written."""
        transport = self.transport
        self.force_close()
        if transport is not None:
            transport.abort()

    def log_access(self, *_request: object) -> None:
        """Note that the request is answered (called by aiohttp)."""
        self.busy, self.head_since, self.since = False, 0.0, self._loop.time()

    def log_exception(self, *_message: object, **_options: object) -> None:
        """Do nothing: invalid requests are answered and counted (called by aiohttp)."""

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """Answer what is not HTTP, or too much of it, and close (called by aiohttp)."""
        del request
        reason = message or "internal error"
        if isinstance(exc, LineTooLong) or reason.startswith(_TOO_MANY_HEADERS):
            status = _HEAD_TOO_LARGE
        response = self._refuse(status, reason)
        response.force_close()
        return response


class HttpServer(Server):
    """One port and its connections."""

    def __init__(
        self,
        handle: Callable[[BaseRequest], Awaitable[StreamResponse]],
        refuse: Callable[[int, str], StreamResponse],
        limits: Limits,
    ) -> None:
        """`handle` answers requests, `refuse` what is not valid HTTP."""
        # Cancelling lets go of a request whose caller is gone.
        super().__init__(handle, request_factory=self._request, handler_cancellation=True)
        self._refuse, self._limits = refuse, limits
        self._socket: asyncio.Server | None = None

    def __call__(self) -> Connection:
        """Make the protocol of a new connection (called by asyncio)."""
        return Connection(
            self,
            self._refuse,
            loop=self._loop,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=self._limits.idle_s,
            lingering_time=self._limits.linger_s,
            read_bufsize=_READ_AHEAD_BYTES,
        )

    def connection_made(self, handler: Connection, transport: asyncio.Transport) -> None:
        """Count a connection, and make room for it (called by aiohttp)."""
        super().connection_made(handler, transport)
        if len(self._connections) > self._limits.connections:
            waiting = [connection for connection in self.connections if not connection.busy]
            # Never empty: the new connection is not busy.
            min(waiting, key=lambda connection: connection.since).drop()

    async def listen(self, host: str, port: int) -> None:
        """Accept connections from now on."""
        self._socket = await self._loop.create_server(self, host, port, backlog=_BACKLOG)

    async def watch(self) -> None:
        """Close connections whose head takes too long; never returns."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            oldest = self._loop.time() - self._limits.head_s
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
        return BaseRequest(message, payload, connection, writer, task, self._loop)
