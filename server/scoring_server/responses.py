"""The HTTP responses of both ports."""

from http import HTTPStatus

from aiohttp import hdrs
from aiohttp.http import HttpVersion11
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import Response, StreamResponse

from scoring_server.reply import Headers
from scoring_server.whole_response import WholeResponse

EVERY_ANSWER: Headers = [(hdrs.SERVER, "scoring-server")]
"""The headers of every answer of both ports, whatever its status."""
# Statuses whose answers have a body, which those below 200, 204, 205 and 304 have not.
_WITH_BODY = frozenset(map(int, HTTPStatus)) - {*range(200), 204, 205, 304}


def respond(
    request: BaseRequest | None, status: int, headers: Headers, body: bytes
) -> StreamResponse | WholeResponse:
    """The response to a request, or (without one) to what never became a request.

    Adds the headers of every answer to `headers`.
    """
    headers += EVERY_ANSWER
    whole = (
        request is not None
        and request.version is HttpVersion11
        and request.method != hdrs.METH_HEAD
        and status in _WITH_BODY
    )
    if whole:
        return WholeResponse(status, headers, body)
    return Response(status=status, headers=headers, body=body)
