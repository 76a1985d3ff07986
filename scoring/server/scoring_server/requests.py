"""Ids and media types of requests."""

import re
import secrets
from functools import lru_cache

_SAFE = re.compile(r"[\x21-\x7e]{1,100}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_HEX_DIGITS = 32
_id_base = secrets.randbits(64) << 64
_id_next = secrets.randbits(32)


def request_id(given: str | None) -> str:
    """The caller's id if it is printable and short enough, otherwise a new one."""
    global _id_next  # noqa: PLW0603 - a counter beside a random base is cheaper than random ids
    if given is not None and _SAFE.fullmatch(given):
        return given
    _id_next += 1
    return f"{_id_base + _id_next:032x}"


def trace_parent(given: str | None) -> str:
    """The caller's trace context, or nothing if it is not one."""
    return given if given is not None and _TRACEPARENT.fullmatch(given) else ""


def plain(text: str) -> str:
    """The text without the surrogates that stand for bytes outside of UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@lru_cache(maxsize=64)
def media_type(content_type: str | None) -> str:
    """The media type without its parameters, in lower case; empty if none was sent."""
    return plain(content_type).partition(";")[0].strip().lower() if content_type else ""
