"""Answers of the two servers, and in what they differ."""

import json
from collections.abc import Callable
from typing import NamedTuple

import httpx

# Headers that say nothing about the request, or that cannot be equal.
_OWN_HEADERS = {"connection", "content-length", "date", "server"}
_ID = "x-request-id"
_CLIENT_ID = "x-ms-client-request-id"
_RUN_TIME = "x-ms-run-fn-exec-ms"
_FAILED = "x-ms-run-function-failed"
_FAULT = 500


class Answer(NamedTuple):
    """What a caller sees."""

    status: int
    headers: dict[str, str]
    body: object
    """Parsed JSON, else text or bytes."""


def answer_of(response: httpx.Response) -> Answer:
    """The answer without what differs from request to request."""
    headers = {
        name: "a time" if name == _RUN_TIME else value
        for name, value in response.headers.items()
        if name not in _OWN_HEADERS
    }
    return Answer(response.status_code, headers, _body(response))


def _body(response: httpx.Response) -> object:
    try:
        return json.loads(response.content)
    except ValueError:
        pass
    try:
        return response.content.decode()
    except UnicodeDecodeError:
        return response.content


def same_body(one: object, two: object) -> bool:
    """Whether two bodies say the same; `1`, `1.0` and `true` are three different values."""
    if isinstance(one, bytes) or isinstance(two, bytes):
        return one == two
    return json.dumps(one) == json.dumps(two)


def _only_theirs(name: str) -> Callable[[Answer, Answer], bool]:
    return lambda theirs, ours: name in theirs.headers and name not in ours.headers


def _words(theirs: Answer, ours: Answer) -> bool:
    """Whether both are errors of the servers' own, which ours gives an id."""
    bodies = theirs.body, ours.body
    if not all(isinstance(body, dict) for body in bodies):
        return False
    return theirs.body.keys() == {"message"} and {"message", "request_id"} <= ours.body.keys()


def _failed(theirs: Answer, ours: Answer) -> bool:
    """Whether ours is silent about success, or calls a result a failure that cannot be written."""
    given = theirs.headers.get(_FAILED), ours.headers.get(_FAILED)
    return given == ("False", None) or (given == ("False", "True") and _fault(theirs, ours))


def _legacy_client_id(theirs: Answer, ours: Answer) -> bool:
    """Whether only theirs took the deprecated header of the request for the client's id."""
    given = theirs.headers.get(_CLIENT_ID)
    silent = given is not None and _CLIENT_ID not in ours.headers
    return silent and given == theirs.headers.get("x-ms-request-id")


def _fault(theirs: Answer, ours: Answer) -> bool:
    return _words(theirs, ours) and ours.status == _FAULT


EVERYWHERE: dict[str, tuple[str, Callable[[Answer, Answer], bool]]] = {
    "server-version": ("x-ms-server-version", _only_theirs("x-ms-server-version")),
    "legacy-id": ("x-ms-request-id", _only_theirs("x-ms-request-id")),
    "legacy-client-id": (_CLIENT_ID, _legacy_client_id),
    "trace-id": ("traceid", _only_theirs("traceid")),
    "failed-header": (_FAILED, _failed),
    "id-of-unknown": (
        _ID,
        lambda theirs, ours: _ID in ours.headers and _ID not in theirs.headers,
    ),
    "allow": (
        "allow",
        lambda theirs, ours: ours.headers.get("allow") == "POST" and "allow" not in theirs.headers,
    ),
    "words": ("", _words),
}
"""Documented differences that may occur in any answer: the header, and when they do."""


def settle(theirs: Answer, ours: Answer) -> tuple[Answer, Answer, list[str]]:
    """The answers without those differences, and the names of those that there were."""
    found = [name for name, (_, occurs) in EVERYWHERE.items() if occurs(theirs, ours)]
    dropped = {EVERYWHERE[name][0] for name in found}
    return _without(theirs, dropped), _without(ours, dropped), found


def _without(answer: Answer, headers: set[str]) -> Answer:
    """The answer without headers; without its words if one of them is empty."""
    kept = {name: value for name, value in answer.headers.items() if name not in headers}
    return Answer(answer.status, kept, "an error" if "" in headers else answer.body)


def unlike_headers(theirs: Answer, ours: Answer) -> dict[str, tuple[str | None, str | None]]:
    """The headers that differ, with the values of both."""
    return {
        name: (theirs.headers.get(name), ours.headers.get(name))
        for name in sorted({*theirs.headers, *ours.headers})
        if theirs.headers.get(name) != ours.headers.get(name)
    }
