"""Calls a `run` whose parameters are declared: parses, checks and converts its input."""

from __future__ import annotations

import inspect
import re
from typing import Any

import msgspec

from scoring_server.messages import Answer, Work
from scoring_server.types import Array
from scoring_server.worker import v2
from scoring_server.worker.contract import Contract
from scoring_server.worker.handler import Prepared, without_bom
from scoring_server.worker.inputs import read_input
from scoring_server.worker.request_headers import headers_of
from scoring_server.worker.results import Refused, answer_result
from scoring_server.worker.script import Script

_FAULT = re.compile(r"(?P<message>.+) - at `(?P<path>.+)`", re.DOTALL)


class TypedHandler:
    """Parses `{"parameter": value, ...}` and the tensors of the Open Inference Protocol."""

    any_method = False
    accepts: tuple[str, ...] | None = ("", "application/json", "application/octet-stream")

    def __init__(self, script: Script) -> None:
        """Read the signature; raises `InvalidScript` for an invalid declaration."""
        self.wants_headers = script.wants_headers
        self.inputs = [read_input(parameter) for parameter in script.inputs.values()]
        fields = [
            (item.name, item.wire)
            if item.default is inspect.Parameter.empty
            else (item.name, item.wire, item.default)
            for item in self.inputs
        ]
        self.body = msgspec.defstruct("ServiceInput", fields, forbid_unknown_fields=True)
        self._decoder = msgspec.json.Decoder(self.body)
        self._has_rows = all(item.counts_rows for item in self.inputs)
        self.tensors = all(isinstance(item.kind, Array) for item in self.inputs)

    def prepare(self, work: Work) -> Prepared:
        """Parse and check the body."""
        if work.route == "v2":
            request = v2.parse(work, self.inputs)
            arguments, form = request.arguments, request.form
        elif work.content_type == "application/octet-stream":
            raise Refused(415, "binary tensors are sent to /v2/models/NAME/infer")
        else:
            arguments, form = self._parse(work.body), None
        prepared = Prepared(work, arguments, form=form)
        if self._has_rows and not self.wants_headers:
            rows = {len(value) for value in arguments.values()}
            if len(rows) == 1:
                prepared.rows = rows.pop()
                prepared.group = tuple(map(_group, arguments.values()))
        if self.wants_headers:
            arguments["request_headers"] = headers_of(work)
        return prepared

    def join(self, together: list[Prepared]) -> dict[str, Any]:
        """Put the rows of all behind one another."""
        return {
            item.name: item.join([prepared.arguments[item.name] for prepared in together])
            for item in self.inputs
        }

    def answer(self, prepared: Prepared, result: object) -> Answer:
        """Write the result as JSON, or as tensors if those came in."""
        if prepared.form is not None:
            return v2.answer(prepared.work, prepared.form, result)
        return answer_result(prepared.work, result)

    def contract(self) -> Contract:
        """Describe the body for clients."""
        schema = {
            "type": "object",
            "properties": {item.name: item.schema for item in self.inputs},
            "required": [i.name for i in self.inputs if i.default is inspect.Parameter.empty],
            "additionalProperties": False,
        }
        samples = {
            item.name: item.kind.sample
            for item in self.inputs
            if item.kind is not None and item.kind.sample is not None
        }
        if len(samples) == len(self.inputs):
            schema["example"] = samples
        names = ", ".join(item.name for item in self.inputs)
        return Contract(description=f"Send a JSON object with: {names}.", input_schema=schema)

    def _parse(self, body: bytes) -> dict[str, Any]:
        try:
            parsed = self._decoder.decode(without_bom(body))
        except msgspec.ValidationError as fault:
            raise _refusal(str(fault)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            raise Refused(400, f"the body is not JSON: {fault}") from None
        return {
            item.name: item.convert(getattr(parsed, item.name), f"$.{item.name}")
            for item in self.inputs
        }


def _refusal(fault: str) -> Refused:
    match = _FAULT.fullmatch(fault)
    if match is None:
        return Refused(400, fault, path="$")
    return Refused(400, match["message"], path=match["path"])


def _group(value: Any) -> tuple:
    columns = getattr(value, "columns", None)
    return value.shape[1:] if columns is None else tuple(columns)
