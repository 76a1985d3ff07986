"""The declared parameters of `run`: what they are called, how they are parsed and described."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from scoring_server.types import Array, Table
from scoring_server.worker import arrays
from scoring_server.worker.annotations import Annotated, get_args, get_origin
from scoring_server.worker.script import InvalidScript


class Input(NamedTuple):
    """A declared parameter of `run`."""

    name: str
    kind: Array | Table | None
    """`None` for a type that msgspec converts by itself."""
    wire: Any
    """The type of the JSON value."""
    convert: Callable[[Any, str], Any]
    """From the JSON value and its path to the argument."""
    default: Any
    schema: dict[str, Any]
    join: Callable[[list], Any]

    @property
    def counts_rows(self) -> bool:
        """Whether its length is the number of rows of the request."""
        if isinstance(self.kind, Array):
            return bool(self.kind.shape) and self.kind.shape[0] is None
        return isinstance(self.kind, Table)


def _kind(annotation: Any) -> tuple[Array | Table | None, Any]:
    """What is declared, and the plain type."""
    plain, extras = annotation, ()
    if get_origin(annotation) is Annotated:
        plain, *extras = get_args(annotation)
    for extra in extras:
        if isinstance(extra, (Array, Table)):
            return extra, plain
    # By name, so that a script which needs neither library imports neither.
    module, name = getattr(plain, "__module__", ""), getattr(plain, "__name__", "")
    if (module, name) == ("numpy", "ndarray"):
        return Array(), plain
    if module.startswith("pandas") and name == "DataFrame":
        return Table(), plain
    return None, annotation


def read_input(parameter: inspect.Parameter) -> Input:
    """The declaration of one parameter; raises `InvalidScript` if it has none."""
    kind, plain = _kind(parameter.annotation)
    name, default = parameter.name, parameter.default
    if plain is inspect.Parameter.empty:
        raise InvalidScript(f"run() declares the types of some parameters, but not of {name}")
    if kind is None:
        schema = msgspec.json.schema(plain)
        return Input(name, None, plain, lambda value, _path: value, default, schema, list)
    if isinstance(kind, Array):
        library = arrays
    else:
        # pandas is slow to import; scripts without tables do without.
        from scoring_server.worker import tables as library  # noqa: PLC0415
    return Input(
        name,
        kind,
        library.wire_type(kind),
        library.converter(kind),
        default,
        library.schema(kind),
        library.join,
    )
