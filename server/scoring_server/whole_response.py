"""A response that is complete when it is made."""

import asyncio
from http import HTTPStatus

from aiohttp import hdrs
from aiohttp.abc import AbstractStreamWriter
from aiohttp.helpers import rfc822_formatted_time
from aiohttp.web_request import BaseRequest
from multidict import CIMultiDict

from scoring_server.reply import Headers

_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}" for status in HTTPStatus}
# What is written together; a larger answer is worth a wake-up of its own.
_SMALL_BYTES = 16 * 1024


class _Together:
    """Writes the answers of one turn of the event loop directly after one another.

    A joined call answers many requests at once. Written one by one, between other work, each wakes
    its reader; together they wake it once, which saves a tenth of a joined request.

    For that it runs aiohttp's `write_eof` by hand up to its first wait. What that relies on:
    `test_aiohttps_writer_writes_a_whole_answer_before_it_first_waits`. It can go when aiohttp's
    writer ends an answer with its body without a coroutine, as `set_eof` does without a body.
    """

    def __init__(self) -> None:
        self._answers: list[tuple[AbstractStreamWriter, bytes]] = []

    def add(self, writer: AbstractStreamWriter, body: bytes) -> None:
        """Write an answer at the end of this turn, before anything that happens later."""
        if not self._answers:
            asyncio.get_running_loop().call_soon(self._write)
        self._answers.append((writer, body))

    def _write(self) -> None:
        answers, self._answers = self._answers, []
        for writer, body in answers:
            writing = writer.write_eof(body)
            try:
                writing.send(None)
            except (StopIteration, ConnectionError):
                continue
            # Everything is written, but the client reads slowly: its next answer will wait.
            writing.close()


_together = _Together()


class WholeResponse:
    """A body known from the start, without cookies, compression or chunks.

    aiohttp uses it like its own response, of which it calls `prepare` and `write_eof` and reads
    `status` and `keep_alive`. Its own looks for each of these extras in every answer, which takes
    18 % of a joined request. What this relies on: every test that scores a request.
    """

    __slots__ = ("_body", "_headers", "_request", "keep_alive", "status")

    def __init__(self, status: int, headers: Headers, body: bytes) -> None:
        """Take the whole answer."""
        self.status, self._headers, self._body = status, headers, body
        self.keep_alive: bool | None = None

    def force_close(self) -> None:
        """Close the connection after this answer."""
        self.keep_alive = False

    async def prepare(self, request: BaseRequest) -> None:
        """Write the head (called by aiohttp)."""
        headers = self._headers
        headers.append((hdrs.CONTENT_LENGTH, str(len(self._body))))
        headers.append((hdrs.DATE, rfc822_formatted_time()))
        if self.keep_alive is None:
            self.keep_alive = request.keep_alive
        if not self.keep_alive:
            headers.append((hdrs.CONNECTION, "close"))
        self._request = request
        await request.writer.write_headers(_LINES[self.status], CIMultiDict(headers))

    async def write_eof(self) -> None:
        """Write the body (called by aiohttp)."""
        request, body = self._request, self._body
        if not self.keep_alive or len(body) > _SMALL_BYTES or request.protocol.writing_paused:
            # The connection is closed next, or its client must be waited for.
            await request.writer.write_eof(body)
        else:
            _together.add(request.writer, body)
