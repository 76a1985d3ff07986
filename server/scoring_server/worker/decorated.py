"""Scripts decorated with `@input_schema` of the package inference-schema."""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any

from scoring_server.messages import Work
from scoring_server.worker.contract import Contract
from scoring_server.worker.handler import Prepared, ScoredAlone
from scoring_server.worker.request_headers import headers_of
from scoring_server.worker.results import Refused
from scoring_server.worker.script import Script


def is_decorated(script: Script) -> bool:
    """Whether the decorator was used; the package is looked at only if the script imported it."""
    if "inference_schema" not in sys.modules:
        return False
    from inference_schema.schema_util import is_schema_decorated  # noqa: PLC0415

    return is_schema_decorated(script.run)


class DecoratedHandler(ScoredAlone):
    """Gives `run` the members of a JSON object by name; the decorator converts them."""

    any_method = False
    accepts: tuple[str, ...] | None = ("application/json",)

    def __init__(self, script: Script) -> None:
        """Look at the parameters behind the decorator."""
        self._inputs, self._run = script.inputs, script.run
        self.wants_headers = script.wants_headers

    def prepare(self, work: Work) -> Prepared:
        """Parse the body."""
        try:
            body = json.loads(work.body)
        except (ValueError, RecursionError) as fault:
            raise Refused(400, f"the body is not JSON: {fault}") from None
        if not isinstance(body, dict):
            raise Refused(400, "the body is not a JSON object", path="$")
        arguments: dict[str, Any] = {}
        for name, parameter in self._inputs.items():
            value = body.get(name, parameter.default)
            if value is inspect.Parameter.empty:
                raise Refused(400, f"{name} is missing", path="$")
            arguments[name] = value
        if self.wants_headers:
            arguments["request_headers"] = headers_of(work)
        return Prepared(work, arguments)

    def contract(self) -> Contract:
        """Describe the body with the schemas that the decorators made."""
        from inference_schema.schema_util import (  # noqa: PLC0415 - the script's package
            get_input_schema,
            get_output_schema,
        )

        names = ", ".join(self._inputs)
        return Contract(
            description=f"Send a JSON object with: {names}.",
            input_schema=get_input_schema(self._run),
            output_schema=get_output_schema(self._run),
        )
