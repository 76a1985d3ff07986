"""The gate: a replica takes requests only once it has answered its sample as expected.

The sample comes over HTTP with a key, as a client's would, through a listener of its own that only
the replica itself can reach: until it is answered, nobody else's request meets the model.
"""

import asyncio
import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

from scoring_server.comparison import NotJson, differences, parsed, shown
from scoring_server.http_server import HttpServer
from scoring_server.keys import Keys
from scoring_server.pool import Pool
from scoring_server.sample import Sample
from scoring_server.settings import Settings

REQUEST_ID = "sample"
"""The id of the sample's requests, in the log and for observers."""
_LOOPBACK = "127.0.0.1"
_POLL_S = 0.02
_AGAIN_S = 0.1
_MARGIN_S = 1.0
_UNAVAILABLE = 503
_DIFFERENCES = 3
# With these, a message stays below the 4096 bytes that Kubernetes takes.
_LONGEST_VALUE = 600
_CLOSING_S = 0.5


class SampleFailed(Exception):
    """The sample was not answered as expected; the message says how."""


class _Answer(NamedTuple):
    status: int
    body: bytes


class Gate:
    """Sends the sample and judges the answer."""

    def __init__(self, sample: Sample, settings: Settings, keys: Keys, pool: Pool) -> None:
        """Take the parts; nothing is sent yet."""
        self._sample, self._settings, self._keys, self._pool = sample, settings, keys, pool
        seconds = sample.rules.timeout_seconds
        # Without a limit of its own, the server's limit of `run` decides, and answers 504.
        longest_ms = settings.queue_wait_ms + settings.timeout_ms + settings.stuck_grace_ms
        self._limit_s = longest_ms / 1000 + _MARGIN_S if seconds is None else seconds

    async def open(self, door: HttpServer) -> float:
        """Score the sample once for each worker, all at a time; `door` serves nothing else.

        Returns the seconds of the slowest answer; raises `SampleFailed`.
        """
        while not self._pool.complete:
            await asyncio.sleep(_POLL_S)
        await door.listen(_LOOPBACK, 0)
        workers = self._settings.workers
        threads = ThreadPoolExecutor(workers, thread_name_prefix="sample")
        started = time.monotonic()
        try:
            loop = asyncio.get_running_loop()
            await asyncio.gather(
                *(
                    loop.run_in_executor(threads, self._score, door.port, started + self._limit_s)
                    for _ in range(workers)
                )
            )
            return time.monotonic() - started
        finally:
            # Ends what a thread may still be waiting for.
            await door.stop(_CLOSING_S)
            threads.shutdown(wait=False, cancel_futures=True)

    def _score(self, port: int, deadline: float) -> None:
        """Get one answer and judge it (in a thread)."""
        answer = self._answer(port, deadline)
        while answer.status == _UNAVAILABLE:
            # Not the model's fault: its turn did not come in time, or its worker is replaced.
            time.sleep(_AGAIN_S)
            answer = self._answer(port, deadline)
        self._judge(answer)

    def _answer(self, port: int, deadline: float) -> _Answer:
        left = deadline - time.monotonic()
        headers = {"content-type": self._sample.rules.content_type, "x-request-id": REQUEST_ID}
        key = self._keys.any
        if key:
            headers["authorization"] = f"Bearer {key}"
        try:
            if left <= 0:
                raise TimeoutError
            connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=left)
            try:
                connection.request("POST", "/score", self._sample.request, headers)
                response = connection.getresponse()
                return _Answer(response.status, response.read())
            finally:
                connection.close()
        except TimeoutError:
            raise SampleFailed(f"there was no answer within {self._limit_s:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise SampleFailed(f"there was no answer: {error!r}") from None

    def _judge(self, answer: _Answer) -> None:
        hidden = self._sample.rules.hidden
        if answer.status != http.client.OK:
            said = "" if hidden else f": {_text(answer.body)}"
            raise SampleFailed(f"expected status 200, got {answer.status}{said}")
        if not self._sample.has_answer:
            return
        try:
            got = parsed(answer.body)
        except NotJson:
            said = "" if hidden else f": {_text(answer.body)}"
            raise SampleFailed(f"expected JSON, got something else{said}") from None
        expected = self._sample.answer
        found = list(islice(differences(expected, got, self._sample.tolerance), _DIFFERENCES + 1))
        if not found:
            return
        if hidden:
            places = ", ".join(difference.path for difference in found[:_DIFFERENCES])
            raise SampleFailed(f"it differs at {places} (the sample is secret)")
        places = "; ".join(
            f"at {path} expected {one}, got {other}" for path, one, other in found[:_DIFFERENCES]
        )
        more = "; and more" if len(found) > _DIFFERENCES else ""
        whole = f"expected {shown(expected, _LONGEST_VALUE)}, got {shown(got, _LONGEST_VALUE)}"
        raise SampleFailed(f"{places}{more}; in all, {whole}")


def _text(body: bytes) -> str:
    """The start of an answer in ASCII."""
    text = body[:_LONGEST_VALUE].decode("utf-8", "backslashreplace")
    return text.encode("ascii", "backslashreplace").decode()[:_LONGEST_VALUE]
