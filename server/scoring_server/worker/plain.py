"""Turns values into what JSON has: objects, lists, strings, numbers, `true`, `false` and `null`.

One rule for each kind of value, whether orjson writes a result or this module does: NaN, NaT, NA
and infinities are `null`, also as keys; times are strings in ISO 8601; arrays, sets, tuples and
named tuples are lists; a frame is a list of records.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from scoring_server.worker.scalars import Unwritable, is_numpy_scalar, scalar, type_name

_LISTS = (list, tuple, set, frozenset)
_TABLE = 2
# The kinds of NumPy's types that orjson knows: truth values, integers, numbers and times.
_WRITTEN = "biufM"
# NumPy's types that results are full of, which need no asking; filled when there is NumPy.
_NUMBERS: dict[type, Callable[[Any], float]] = {}
# The largest floating-point numbers of NumPy that orjson writes, in bytes.
_DOUBLE = 8


def write(result: object) -> bytes:
    """Write any result, at any depth and with integers of any size; raises `Unwritable`."""
    try:
        with _integers_of_any_size():
            return json.dumps(_convert(result), separators=(",", ":")).encode()
    except RecursionError:
        raise Unwritable("it is nested too deeply, or contains itself") from None


def simpler(value: object) -> object:
    """What orjson can write instead of a value that it cannot (its `default`)."""
    number = _NUMBERS.get(type(value))
    if number is not None:
        return number(value)
    if isinstance(value, _LISTS):
        return list(value)
    written = _numpy_written(value)
    if written is not None:
        return written
    opened = _opened(value)
    return scalar(value) if opened is value else opened


def _numpy_written(value: Any) -> orjson.Fragment | None:
    """A number, a time or an array of NumPy as orjson writes it; `None` if it does not.

    orjson is asked for each of them, instead of finding them itself (OPT_SERIALIZE_NUMPY for the
    whole result), because it ends the process for times in steps of several units (`M8[5D]`).
    """
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, (numpy.ndarray, numpy.generic)):
        return None
    if not _NUMBERS:
        _NUMBERS.update({numpy.float64: float, numpy.int64: int})
    kind = value.dtype.kind
    if kind not in _WRITTEN or (kind == "M" and numpy.datetime_data(value.dtype)[1] != 1):
        return None
    try:
        return orjson.Fragment(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY))
    except TypeError:
        return None


def key(value: object) -> str:
    """The string of a key, which may be any scalar."""
    if isinstance(value, _LISTS) or _opened(value) is not value:
        raise Unwritable(f"it has a key of the type {type_name(value)}")
    plain = scalar(value)
    return plain if isinstance(plain, str) else json.dumps(plain)


def _convert(value: Any) -> Any:
    # One call for each level, because Python limits their number: hence the loops.
    if isinstance(value, Mapping):
        members = {}
        for name, member in value.items():
            members[key(name)] = _convert(member)
        return members
    if isinstance(value, _LISTS):
        items = []
        for item in value:
            items.append(_convert(item))
        return items
    opened = _opened(value)
    return scalar(value) if opened is value else _convert(opened)


def _opened(value: Any) -> Any:
    """A value with parts as a list or dictionary of them; any other value itself."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        # orjson leaves out private fields too.
        return {name: getattr(value, name) for name in names if not name.startswith("_")}
    if hasattr(value, "to_dict") and len(getattr(value, "shape", ())) == _TABLE:
        return _records(value)
    if is_numpy_scalar(value):
        fields = value.dtype.names
        return value if fields is None else [value[name] for name in fields]
    if hasattr(value, "__array_interface__") and not hasattr(value, "mask"):
        return _array(value)
    return value.tolist() if hasattr(value, "tolist") else value


def _records(frame: Any) -> list[dict]:
    names = [key(column) for column in frame.columns]
    if len(set(names)) != len(names):
        raise Unwritable(f"it is a {type_name(frame)} in which the name of a column is repeated")
    return frame.to_dict(orient="records")


def _array(array: Any) -> Any:
    if not array.ndim:
        return array[()]
    kind, names = array.dtype.kind, array.dtype.names
    if kind in "mM" or names is not None:
        return list(array)
    if kind == "f" and array.dtype.itemsize <= _DOUBLE:
        # orjson writes the shortest number that is equal in the precision of the array.
        numpy = sys.modules["numpy"]
        native = numpy.ascontiguousarray(array, array.dtype.newbyteorder("="))
        return orjson.loads(orjson.dumps(native, option=orjson.OPT_SERIALIZE_NUMPY))
    return array.tolist()


@contextmanager
def _integers_of_any_size() -> Iterator[None]:
    """Lift Python's limit for the digits of an integer, which is meant for input."""
    if not hasattr(sys, "get_int_max_str_digits"):
        # The limit came with a patch release of Python 3.10.
        yield
        return
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(limit)
