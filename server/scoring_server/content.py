"""What the headers of a request say about its body: its media type, charset and compression."""

import codecs
import zlib
from collections.abc import Collection
from functools import lru_cache

import msgspec

from scoring_server.refusal import Refusal
from scoring_server.requests import plain

JSON_TYPE = "application/json"
# Without those that are slow or that are not charsets: a codec of Python may be either.
_CHARSETS = ("utf-8", "ascii", "iso8859-", "cp125", "utf-16", "utf-32")
# The names of RFC 9110.
_ENCODINGS = ("gzip", "x-gzip", "deflate")
# What zlib calls the forms: gzip, with a head of zlib, and (wrongly, but often) without one.
_GZIP, _ZLIB, _RAW = 31, 15, -15
_READ_BYTES = 1 << 16


class Content(msgspec.Struct, frozen=True, gc=False):
    """The header `Content-Type`."""

    media_type: str
    """In lower case, without parameters; all kinds of JSON as `application/json`."""
    charset: str = ""
    """Python's name of it; empty for UTF-8."""
    unknown_charset: str = ""
    """The charset as it was sent, if it is none."""
    ordinary: bool = True
    """Whether the body is in UTF-8."""


@lru_cache(maxsize=64)
def content(header: str | None) -> Content:
    """What the header says; a request without one has an empty media type."""
    if not header:
        return Content("")
    kind, *parameters = plain(header).split(";")
    media_type = json_or_other(kind)
    if media_type != JSON_TYPE and not media_type.startswith("text/"):
        # Binary data has no charset, whatever is said (`charset=binary`).
        return Content(media_type)
    charset, unknown = _charset(parameters)
    return Content(media_type, charset, unknown, not charset and not unknown)


def json_or_other(media_type: str) -> str:
    """A media type in lower case; `text/json` and those that end with `+json` are JSON."""
    kind = media_type.strip().lower()
    is_json = kind == "text/json" or (kind.startswith("application/") and kind.endswith("+json"))
    return JSON_TYPE if is_json else kind


def _charset(parameters: list[str]) -> tuple[str, str]:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        given = value.strip().strip('"')
        if name.strip().lower() != "charset" or not given:
            continue
        try:
            known = codecs.lookup(given).name
        except (LookupError, ValueError):
            return "", given
        if not known.startswith(_CHARSETS):
            return "", given
        return ("", "") if known in ("utf-8", "ascii") else (known, "")
    return "", ""


def in_utf8(body: bytes, charset: str) -> bytes:
    """A body in another charset as UTF-8; raises `Refusal`."""
    try:
        return body.decode(charset).encode()
    except UnicodeError:
        raise Refusal(400, f"the body is not valid {charset}") from None


def check_content(kind: Content, encoding: str, types: Collection[str], route: str) -> None:
    """Raise `Refusal` for a body that could not be read; `types` are the accepted media types."""
    if kind.media_type not in types:
        accepted = ", ".join(sorted(name for name in types if name))
        given = f"content type {kind.media_type}" if kind.media_type else "no content type"
        raise Refusal(415, f"{given} is not accepted; use {accepted}")
    if kind.unknown_charset or (kind.charset and route == "v2"):
        charset = kind.unknown_charset or kind.charset
        raise Refusal(415, f"the charset {charset} is not accepted; use utf-8")
    if encoding and encoding not in _ENCODINGS:
        raise Refusal(
            415,
            f"the content encoding {plain(encoding)} is not accepted; use gzip, deflate or none",
            [("accept-encoding", "gzip, deflate")],
        )


def decompressed(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its compression; raises `Refusal`: 413 if it is too large, or 400."""
    try:
        return _decompressed(body, _window(body, encoding), limit)
    except zlib.error as error:
        raise Refusal(400, f"the body is not valid {encoding}: {error}") from None


def _window(body: bytes, encoding: str) -> int:
    if encoding != "deflate":
        return _GZIP
    head = int.from_bytes(body[:2], "big")
    # RFC 1950, 2.2: the method is 8, and the two bytes are a multiple of 31.
    return _ZLIB if head >> 8 & 15 == 8 and head % 31 == 0 else _RAW  # noqa: PLR2004


def _decompressed(body: bytes, window: int, limit: int) -> bytes:
    parts, size, rest = [], 0, body
    while True:
        reader = zlib.decompressobj(window)
        while not reader.eof:
            part = reader.decompress(rest, _READ_BYTES)
            rest = reader.unconsumed_tail
            size += len(part)
            if size > limit:
                raise Refusal(413, f"the body is larger than the limit of {limit} bytes")
            parts.append(part)
            if not part and not rest:
                raise zlib.error("it is not complete")
        # A file of gzip may have several members.
        rest = reader.unused_data
        if not rest:
            return b"".join(parts)
