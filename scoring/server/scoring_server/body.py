"""Reads the bodies of requests within limits of size and time."""

import asyncio

from aiohttp.http import HttpVersion11
from aiohttp.web_protocol import RequestPayloadError
from aiohttp.web_request import BaseRequest

_SWEEP_S = 0.25


class BodyTooLarge(Exception):
    """The body is larger than allowed."""


class BodyTooSlow(Exception):
    """The body did not arrive in time."""


class BodyMalformed(Exception):
    """The body is not framed as its head says."""


class BodyReader:
    """Reads bodies; one sweep watches over all that are slow, so that quick ones cost no timer."""

    def __init__(self, limit_bytes: int, timeout_ms: int) -> None:
        """Nothing is watched before `watch` runs."""
        self._limit, self._timeout_s = limit_bytes, timeout_ms / 1000
        self._reading: dict[asyncio.Task, float] = {}
        self._expired: set[asyncio.Task] = set()

    def arrived(self, request: BaseRequest) -> bytes | None:
        """The body if all of it is here, `None` if it must be awaited; raises `BodyTooLarge`."""
        content = request.content
        if not content.is_eof() or content.exception() is not None:
            return None
        body = content.read_nowait()
        if len(body) > self._limit:
            raise BodyTooLarge
        return body

    async def read(self, request: BaseRequest) -> bytes:
        """The whole body; raises `BodyTooLarge`, `BodyTooSlow` or `BodyMalformed`."""
        if (request.content_length or 0) > self._limit:
            raise BodyTooLarge
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a body is read in a task")
        self._reading[task] = asyncio.get_running_loop().time()
        try:
            return await self._collect(request)
        except RequestPayloadError as error:
            raise BodyMalformed(str(error)) from None
        except asyncio.CancelledError:
            if task in self._expired:
                raise BodyTooSlow from None
            raise
        finally:
            self._expired.discard(task)
            del self._reading[task]

    async def watch(self) -> None:
        """Cancel reads that take too long, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_SWEEP_S)
            oldest = loop.time() - self._timeout_s
            for task, started in list(self._reading.items()):
                if started < oldest:
                    self._expired.add(task)
                    task.cancel()

    async def _collect(self, request: BaseRequest) -> bytes:
        if request.version >= HttpVersion11 and "100-continue" in request.headers.get("expect", ""):
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            # What came before the head of the answer is not part of it.
            request.writer.output_size = 0
        content, body = request.content, bytearray()
        while not content.at_eof():
            body += await content.readany()
            if len(body) > self._limit:
                raise BodyTooLarge
        return bytes(body)
