"""pandas frames: from JSON records or columns, and their description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Dict, List, Optional, Union

import msgspec
import numpy as np
import pandas as pd

from scoring_server.types import Table
from scoring_server.worker import arrays
from scoring_server.worker.results import Refused
from scoring_server.worker.wire import Split


def wire_type(table: Table) -> Any:
    """A list of records, or `Split`."""
    if not table.columns:
        return Union[List[Dict[str, Any]], Split]
    fields = [
        (f"column{index}", _element(dtype), msgspec.field(name=name))
        for index, (name, dtype) in enumerate(table.columns.items())
    ]
    record = msgspec.defstruct("Record", fields, forbid_unknown_fields=True)
    return Union[List[record], Split]


def converter(table: Table) -> Callable[[Any, str], pd.DataFrame]:
    """A function from the JSON value and its path to the frame."""

    def convert(value: Any, path: str) -> pd.DataFrame:
        rows = value.data if isinstance(value, Split) else value
        if not rows:
            raise Refused(400, "Expected at least 1 row, got 0", path=path)
        if isinstance(value, Split):
            return _from_split(value, table, path)
        if not table.columns:
            return pd.DataFrame.from_records(value)
        records = [msgspec.structs.astuple(record) for record in value]
        return _typed(pd.DataFrame.from_records(records, columns=list(table.columns)), table, path)

    return convert


def join(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One frame with the rows of all."""
    return pd.concat(parts, ignore_index=True)


def schema(table: Table) -> dict[str, Any]:
    """JSON schema of the records; its description mentions the other form."""
    record: dict[str, Any] = {"type": "object"}
    if table.columns:
        record["properties"] = {
            name: arrays.schema(_scalar(dtype)) for name, dtype in table.columns.items()
        }
        record["required"] = list(table.columns)
        record["additionalProperties"] = False
    described: dict[str, Any] = {
        "type": "array",
        "items": record,
        "minItems": 1,
        "description": 'Records, or {"columns": [...], "data": [[...], ...]}.',
    }
    if table.sample is not None:
        described["example"] = msgspec.to_builtins(table.sample)
    return described


def _scalar(dtype: str) -> arrays.Array:
    return arrays.Array(dtype="object" if dtype == "category" else dtype, shape=())


def _element(dtype: str) -> Any:
    """A JSON value of a column; a floating-point or text one may be missing."""
    if dtype in ("object", "category"):
        return Any
    kind = np.dtype(dtype)
    element = arrays.element_type(kind)
    return Optional[element] if kind.kind in "fU" else element


def _from_split(value: Split, table: Table, path: str) -> pd.DataFrame:
    for index, row in enumerate(value.data):
        if len(row) != len(value.columns):
            message = f"Expected {len(value.columns)} values, got {len(row)}"
            raise Refused(400, message, path=f"{path}.data[{index}]")
    missing = [name for name in table.columns if name not in value.columns]
    if missing:
        raise Refused(400, f"column {missing[0]} is missing", path=f"{path}.columns")
    unknown = [name for name in value.columns if table.columns and name not in table.columns]
    if unknown or len(set(value.columns)) != len(value.columns):
        raise Refused(400, "a column is unknown or occurs twice", path=f"{path}.columns")
    frame = pd.DataFrame(value.data, columns=value.columns)
    if not table.columns:
        return frame
    for name, dtype in table.columns.items():
        _check_column(value, name, dtype, path)
    return _typed(frame[list(table.columns)], table, path)


def _check_column(value: Split, name: str, dtype: str, path: str) -> None:
    position, wanted = value.columns.index(name), _element(dtype)
    for index, row in enumerate(value.data):
        try:
            msgspec.convert(row[position], wanted)
        except msgspec.ValidationError as fault:
            at = f"{path}.data[{index}][{position}]"
            raise Refused(400, str(fault), path=at) from None


def _typed(frame: pd.DataFrame, table: Table, path: str) -> pd.DataFrame:
    texts = {name for name, dtype in table.columns.items() if dtype in ("str", "object")}
    dtypes = {name: dtype for name, dtype in table.columns.items() if name not in texts}
    try:
        return frame.astype(dtypes)
    except (ValueError, OverflowError, TypeError) as error:
        raise Refused(400, str(error), path=path) from None
