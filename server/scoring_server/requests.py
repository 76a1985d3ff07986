"""Ids of requests."""

import itertools
import re
import secrets

_SAFE = re.compile(r"[\x21-\x7e]{1,100}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
# Which process made an id, and how many it had made before; hard to guess from one another.
_process = secrets.token_hex(8)
# Always of 16 digits; writing them in decimal takes half the time.
_made = itertools.count(10**15 + secrets.randbits(48))


def request_id(given: str | None) -> str:
    """The caller's id if it is printable and short enough, otherwise a new one."""
    if given is not None and _SAFE.fullmatch(given):
        return given
    return _process + str(next(_made))


def trace_parent(given: str | None) -> str:
    """The caller's trace context, or nothing if it is not one."""
    return given if given is not None and _TRACEPARENT.fullmatch(given) else ""


def plain(text: str) -> str:
    """The text without the surrogates that stand for bytes outside of UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
