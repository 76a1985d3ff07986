"""Turns what `run` returned or raised into an answer."""

import logging
import re
from itertools import chain

import orjson

from scoring_server.messages import Answer, Work
from scoring_server.worker.plain import simpler, write
from scoring_server.worker.scalars import Unwritable

logger = logging.getLogger("scoring")

JSON = "application/json"
BYTES = "application/octet-stream"
# Written once: a union in the condition would be made anew for each request.
_BYTES_LIKE = (bytes, bytearray, memoryview)
# What orjson writes for NaT in an array of times: the result is then written without its help.
_MIDNIGHT = b"T00:"
_FIRST_TIME, _FIRST_NANOSECOND = b'"1970-01-01T00:00:00"', b'"1677-09-21T00:12:43.145224"'

_FINAL, _LAST = 200, 599
# A line break in a header would begin another header, or another answer.
_UNSAFE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")


class Refused(Exception):
    """The request cannot be scored because of a fault of the caller."""

    def __init__(self, status: int, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.details = details


def encode(result: object) -> bytes:
    """Write a result as JSON by the rules of `plain.py`; raises `Unwritable`."""
    try:
        written = orjson.dumps(result, default=simpler, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        return write(result)
    if _MIDNIGHT in written and (_FIRST_TIME in written or _FIRST_NANOSECOND in written):
        return write(result)
    return written


def answer_result(work: Work, result: object) -> Answer:
    """Answer with what `run` returned: JSON, bytes, or a response object as it stands."""
    if isinstance(result, _BYTES_LIKE):
        return Answer(work.id, 200, bytes(result), BYTES)
    if hasattr(result, "status_code") and hasattr(result, "headers"):
        return _answer_response(work, result)
    # As azureml-inference-server-http: no result is answered with an empty object.
    return Answer(work.id, 200, b"{}" if result is None else encode(result), JSON)


def answer_refusal(work: Work, refused: Refused) -> Answer:
    """Tell the caller what is wrong with the request."""
    return error_answer(work, refused.status, str(refused), **refused.details)


def answer_exception(work: Work, error: BaseException) -> Answer:
    """Log what `run` raised and give the caller an id to find it by."""
    # A script that configures logging may have disabled all loggers that it does not name.
    logger.disabled = False
    logger.error(
        "%s",
        error if isinstance(error, Unwritable) else f"run() raised {type(error).__name__}",
        exc_info=error,
        extra={"request_ids": (work.request_id, work.trace)},
    )
    message = "the scoring script failed; see the log of the service"
    # Only the type is told, which the caller may know, and not what the script computed.
    answer = error_answer(work, 500, str(error) if isinstance(error, Unwritable) else message)
    answer.headers = [("x-ms-run-function-failed", "True")]
    return answer


def answer_late(work: Work) -> Answer:
    """Tell the caller that the request waited too long for its turn."""
    answer = error_answer(work, 503, "the request waited too long for a free worker")
    answer.headers = [("retry-after", "1")]
    return answer


def answer_timeout(work: Work) -> Answer:
    """Tell the caller that the script did not finish in time."""
    return error_answer(work, 504, "the scoring script exceeded its time limit")


def error_answer(work: Work, status: int, message: str, **details: object) -> Answer:
    """An answer of the server's own, always with the id of the request."""
    body = {"message": message, "request_id": work.request_id, **details}
    if work.route == "v2":
        body["error"] = message
    return Answer(work.id, status, orjson.dumps(body), JSON)


def _answer_response(work: Work, response: object) -> Answer:
    headers = [(str(name).lower(), str(value)) for name, value in response.headers.items()]
    if not _FINAL <= response.status_code <= _LAST or any(map(_UNSAFE.search, chain(*headers))):
        raise ValueError("the response of run() has a status or a header that is invalid in HTTP")
    content_type = next((value for name, value in headers if name == "content-type"), BYTES)
    body = response.get_data() if hasattr(response, "get_data") else response.body
    kept = [header for header in headers if header[0] not in ("content-type", "content-length")]
    if response.status_code >= 500:  # noqa: PLR2004
        kept = [header for header in kept if header[0] != "x-ms-run-function-failed"]
        kept.append(("x-ms-run-function-failed", "True"))
    return Answer(work.id, response.status_code, body, content_type, kept)
