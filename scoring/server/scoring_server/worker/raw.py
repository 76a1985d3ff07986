"""Calls an untyped `run(raw_data)`."""

import json

import msgspec

from scoring_server.messages import Answer, Work
from scoring_server.worker.results import Refused, answer_result
from scoring_server.worker.script import Script

_syntax = msgspec.json.Decoder(msgspec.Raw)


class RawHandler:
    """Gives `run` the body: as `bytes` if its parameter says so or the text is not UTF-8."""

    any_method = False
    accepts: list[str] | None = None

    def __init__(self, script: Script) -> None:
        self._name, parameter = next(iter(script.inputs.items()))
        self._bytes = parameter.annotation in (bytes, "bytes")
        self.wants_headers = script.wants_headers

    def arguments(self, work: Work) -> dict[str, object]:
        """The arguments of `run`; raises `Refused` if the body is not the JSON it claims to be."""
        if work.content_type == "application/json":
            check_syntax(work.body)
        arguments: dict[str, object] = {self._name: self._data(work)}
        if self.wants_headers:
            arguments["request_headers"] = dict(work.headers or ())
        return arguments

    def answer(self, work: Work, result: object) -> Answer:
        """Answer with what `run` returned."""
        return answer_result(work, result)

    def _data(self, work: Work) -> str | bytes:
        if self._bytes:
            return work.body
        try:
            return work.body.decode()
        except UnicodeDecodeError:
            return work.body


def check_syntax(body: bytes) -> None:
    """Raise `Refused` unless the body is JSON, in the standard library's generous sense."""
    try:
        _syntax.decode(body)
    except msgspec.DecodeError as fault:
        # Clients written in Python send NaN and Infinity, which score.py has always accepted.
        try:
            json.loads(body)
        except ValueError:
            raise Refused(400, f"the body is not JSON: {fault}") from None
