"""One connection of a port."""

import time
from collections.abc import Callable

from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler, RequestPayloadError, _ErrInfo
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import StreamResponse
from aiohttp.web_server import Server

# How aiohttp's message begins when there are too many headers.
_TOO_MANY_HEADERS = "Too many"
_HEAD_TOO_LARGE = 431


class Connection(RequestHandler):
    """One connection that notes what it is waiting for."""

    __slots__ = ("_held", "_refuse", "busy", "head_since", "since")

    def __init__(
        self, manager: Server, refuse: Callable[[int, str], StreamResponse], **options: object
    ) -> None:
        """`refuse` answers invalid heads."""
        super().__init__(manager, **options)
        self._refuse = refuse
        self._held = False
        self.busy = False
        self.head_since = self.since = time.monotonic()

    def data_received(self, data: bytes) -> None:
        """Start the clock of a head with its first byte (called by asyncio)."""
        if not self.head_since:
            self.head_since = time.monotonic()
        super().data_received(data)
        messages = self._messages
        # Otherwise nobody waits for a body: one request came, with all of it.
        if (self.busy or len(messages) > 1) and messages and isinstance(messages[-1][0], _ErrInfo):
            self._fail_bodies()

    def _fail_bodies(self) -> None:
        """Tell whoever reads a body that it is invalid; aiohttp only answers it afterwards."""
        bodies = [payload for _, payload in self._messages]
        if self._current_request is not None:
            bodies.append(self._current_request.content)
        for body in bodies:
            if not body.is_eof():
                body.set_exception(RequestPayloadError("a chunk is invalid"))

    def pause_reading(self) -> None:
        """Stop reading: the buffer of a body is full (called by aiohttp)."""
        self._held = True
        super().pause_reading()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Go on reading if it was paused (called by aiohttp).

        aiohttp calls this after each body, paused or not, which takes 6 % of a request. It
        can go when `test_aiohttp_resumes_reading_after_each_body_even_if_it_was_not_paused` fails.
        """
        if self._held:
            self._held = False
            super().resume_reading(resume_parser)

    def drop(self) -> None:
        """Close at once, even if the client does not read what was written."""
        transport = self.transport
        self.force_close()
        if transport is not None:
            transport.abort()

    def log_access(self, *_request: object) -> None:
        """Note that the request is answered (called by aiohttp)."""
        self.busy, self.head_since, self.since = False, 0.0, time.monotonic()

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
