"""Calls an untyped `run(raw_data)`."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from scoring_server.messages import Work
from scoring_server.worker.handler import Prepared, ScoredAlone, without_bom
from scoring_server.worker.request_headers import headers_of
from scoring_server.worker.results import Refused
from scoring_server.worker.script import Script
from scoring_server.worker.wire import Rows

_JSON = "application/json"
# A larger body has so many rows that joining it would not make the call cheaper.
_LONGEST_JOINED = 64 * 1024
_syntax = msgspec.json.Decoder(msgspec.Raw)


class RawHandler(ScoredAlone):
    """Gives `run` the body: as `bytes` if its parameter says so or it is binary data."""

    any_method = False
    accepts: tuple[str, ...] | None = None

    def __init__(self, script: Script) -> None:
        """Look at the parameters of `run`."""
        script.check_filled(1)
        self._name, parameter = next(iter(script.inputs.items()))
        self._bytes = parameter.annotation is bytes
        self.wants_headers = script.wants_headers

    def prepare(self, work: Work) -> Prepared:
        """Refuse a body that is not the JSON it claims to be."""
        if work.content_type == _JSON:
            check_syntax(without_bom(work.body))
        arguments: dict[str, Any] = {self._name: self._data(work)}
        if self.wants_headers:
            arguments["request_headers"] = headers_of(work)
        return Prepared(work, arguments)

    def _data(self, work: Work) -> str | bytes:
        body = work.body
        if self._bytes:
            return body
        try:
            return without_bom(body).decode()
        except UnicodeDecodeError as fault:
            if work.content_type == _JSON or work.content_type.startswith("text/"):
                raise Refused(400, f"the body is not valid UTF-8: {fault.reason}") from None
            return body


class MergingHandler(RawHandler):
    """Joins bodies of the form `{"data": [[number, ...], ...]}` into one body of that form.

    The rows travel as the text that the clients sent, so no number changes. Every other body is
    scored alone.
    """

    _body = msgspec.json.Decoder(Rows)

    def prepare(self, work: Work) -> Prepared:
        """Find out how many rows the body has and how wide they are."""
        body = work.body
        if self.wants_headers or len(body) > _LONGEST_JOINED:
            return super().prepare(work)
        try:
            rows = self._body.decode(body).data
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return super().prepare(work)
        prepared = Prepared(work, None)
        widths = set(map(len, rows))
        # Only the name has quotes, so it occurs once and every bracket belongs to the rows.
        if len(widths) == 1 and body.count(b'"') == 2:  # noqa: PLR2004
            prepared.rows, prepared.group = len(rows), widths.pop()
            prepared.form = body[body.index(b"[") + 1 : body.rindex(b"]")]
        return prepared

    def join(self, together: list[Prepared]) -> dict[str, Any]:
        """One body with the rows of all; that of one alone stays as it came."""
        if len(together) == 1:
            return {self._name: self._data(together[0].work)}
        rows = b",".join([prepared.form for prepared in together])
        body = b'{"data": [' + rows + b"]}"
        return {self._name: body if self._bytes else body.decode()}


def check_syntax(body: bytes) -> None:
    """Raise `Refused` unless the body is JSON, as Python's own parser accepts it."""
    try:
        _syntax.decode(body)
    except RecursionError:
        raise Refused(400, "the body is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        # Clients written in Python send NaN and Infinity, which score.py has always accepted.
        try:
            json.loads(body)
        except (ValueError, RecursionError):
            raise Refused(400, f"the body is not JSON: {fault}") from None
