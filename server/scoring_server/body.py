"""Reads the bodies of requests within limits of size and time."""

import asyncio
import sys

from aiohttp.http import HttpVersion11
from aiohttp.web_protocol import RequestPayloadError
from aiohttp.web_request import BaseRequest

from scoring_server.refusal import Refusal

_SWEEP_S = 0.25


class BodyReader:
    """Reads bodies; one periodic check covers all slow ones, so that a quick one needs no timer."""

    def __init__(self, limit_bytes: int, timeout_ms: int) -> None:
        """Time limits apply only while `watch` runs."""
        self._limit, self._timeout_s = limit_bytes, timeout_ms / 1000
        self._reading: dict[asyncio.Task, float] = {}
        self._expired: set[asyncio.Task] = set()

    def arrived(self, request: BaseRequest) -> bytes | None:
        """The body if all of it is here, `None` if it must be awaited; raises `Refusal`."""
        content = request.content
        if not content.is_eof():
            return None
        body = content.read_nowait()
        if len(body) > self._limit:
            raise self._too_large()
        return body

    async def read(self, request: BaseRequest) -> bytes:
        """The whole body; raises `Refusal`: 413, 408, or 400 if its chunks are invalid."""
        if (request.content_length or 0) > self._limit:
            raise self._too_large()
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a body is read in a task")
        self._reading[task] = asyncio.get_running_loop().time()
        try:
            return await self._collect(request)
        except RequestPayloadError as error:
            raise Refusal(400, f"the body is not valid HTTP/1.1: {error}", close=True) from None
        except asyncio.CancelledError:
            if task in self._expired:
                # The task goes on and answers. Before Python 3.11 cancellations are not counted.
                if sys.version_info >= (3, 11):
                    task.uncancel()
                raise Refusal(408, "the body did not arrive in time", close=True) from None
            raise
        finally:
            self._expired.discard(task)
            del self._reading[task]

    async def watch(self) -> None:
        """Cancel reads that take too long; never returns."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_SWEEP_S)
            oldest = loop.time() - self._timeout_s
            for task, started in list(self._reading.items()):
                if started < oldest:
                    self._expired.add(task)
                    task.cancel()

    def _too_large(self) -> Refusal:
        return Refusal(413, f"the body is larger than the limit of {self._limit} bytes", close=True)

    async def _collect(self, request: BaseRequest) -> bytes:
        if request.version >= HttpVersion11 and "100-continue" in request.headers.get("expect", ""):
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            # As aiohttp does after its own: these bytes are not part of the answer.
            request.writer.output_size = 0
        content, parts, size = request.content, [], 0
        while not content.at_eof():
            part = await content.readany()
            parts.append(part)
            size += len(part)
            if size > self._limit:
                raise self._too_large()
        return b"".join(parts)
