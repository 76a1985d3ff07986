"""Reads the bodies of requests within limits of size and time."""

import asyncio
import time
from collections.abc import AsyncIterator

_SWEEP_S = 0.25
_LINGER_S = 5.0
_LINGER_BYTES = 256 * 1024 * 1024


class BodyTooLarge(Exception):
    """The body is larger than allowed; `rest` gives what is still on its way."""

    def __init__(self, rest: AsyncIterator[bytes] | None = None) -> None:
        """Without `rest`, nothing was read yet."""
        super().__init__()
        self.rest = rest


class BodyTooSlow(Exception):
    """The body did not arrive in time."""


async def chunks_of(protocol: object) -> AsyncIterator[bytes]:
    """The parts of a body as they arrive; reading may stop and go on later."""
    async for chunk in protocol:
        yield chunk


class BodyReader:
    """Reads bodies; one sweep watches over all that are slow, so that quick ones cost no timer."""

    def __init__(self, limit_bytes: int, timeout_ms: int) -> None:
        """Nothing is watched before `watch` runs."""
        self._limit, self._timeout_s = limit_bytes, timeout_ms / 1000
        self._reading: dict[asyncio.Task, float] = {}
        self._expired: set[asyncio.Task] = set()

    async def read(self, protocol: object, content_length: str | None) -> bytes:
        """The whole body; raises `BodyTooLarge` or `BodyTooSlow`."""
        known = content_length is not None and content_length.isdecimal()
        if known and int(content_length) > self._limit:
            raise BodyTooLarge
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a body is read in a task")
        self._reading[task] = time.monotonic()
        try:
            return await protocol() if known else await self._collect(protocol)
        except asyncio.CancelledError:
            if task in self._expired:
                raise BodyTooSlow from None
            raise
        finally:
            self._expired.discard(task)
            del self._reading[task]

    async def linger(self, chunks: AsyncIterator[bytes]) -> None:
        """Throw away the rest of a refused body.

        A connection that is closed while the client still sends is reset, and then the client
        never sees the answer.
        """
        discarded = 0
        last = time.monotonic() + _LINGER_S
        async for chunk in chunks:
            discarded += len(chunk)
            if discarded > _LINGER_BYTES or time.monotonic() > last:
                return

    async def watch(self) -> None:
        """Cancel reads that take too long, for ever."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            oldest = time.monotonic() - self._timeout_s
            for task, started in list(self._reading.items()):
                if started < oldest:
                    self._expired.add(task)
                    task.cancel()

    async def _collect(self, protocol: object) -> bytes:
        body = bytearray()
        chunks = chunks_of(protocol)
        async for chunk in chunks:
            body += chunk
            if len(body) > self._limit:
                raise BodyTooLarge(chunks)
        return bytes(body)
