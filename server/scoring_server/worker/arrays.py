"""NumPy arrays: from JSON lists, and their description."""

from __future__ import annotations

import struct
from collections.abc import Callable
from itertools import chain
from typing import Any, List, Tuple

import msgspec
import numpy as np

from scoring_server.types import Array
from scoring_server.worker.annotations import Annotated
from scoring_server.worker.results import Refused
from scoring_server.worker.script import InvalidScript

_ELEMENTS = {"f": float, "b": bool, "U": str, "O": Any}
_TYPES = {"f": "number", "i": "integer", "u": "integer", "b": "boolean", "U": "string"}
# The type characters that NumPy and `struct` share, with the same size.
_PACKED = "dfbBhHiIlLqQ?"
_TABLE = 2
_HIGHEST = 2**63 - 1
_LONGEST_TUPLE = 4_096


def element_type(dtype: np.dtype) -> Any:
    """The type of one JSON value.

    Integers have the limits of the type: NumPy before version 2 and pandas wrap around what does
    not fit, without a word.
    """
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        # msgspec compares with 64 bits at most; what is larger is refused by NumPy and pandas.
        highest = None if limits.max > _HIGHEST else int(limits.max)
        return Annotated[int, msgspec.Meta(ge=int(limits.min), le=highest)]
    try:
        return _ELEMENTS[dtype.kind]
    except KeyError:
        raise InvalidScript(f"arrays of {dtype} cannot be sent as JSON") from None


def wire_type(array: Array) -> Any:
    """Lists as deep as the shape, with elements that JSON is checked against.

    A known length of rows is checked while they are parsed, and makes that faster.
    """
    dtype = np.dtype(array.dtype)
    is_packed = dtype.kind in "iu" and _is_flat(dtype, array.shape)
    # Packing checks the limits of integers by itself.
    nested = int if is_packed else element_type(dtype)
    for depth, length in enumerate(reversed(array.shape)):
        innermost = depth == 0 and len(array.shape) > 1
        if innermost and length is not None and length <= _LONGEST_TUPLE:
            nested = Tuple[(nested,) * length]
        else:
            nested = List[nested]
    return nested


def converter(array: Array) -> Callable[[Any, str], np.ndarray]:
    """A function from the lists and their path to the array."""
    dtype, shape = np.dtype(array.dtype), array.shape
    convert = _convert_rows if _is_flat(dtype, shape) else _convert_any

    def convert_or_refuse(value: Any, path: str) -> np.ndarray:
        try:
            result = convert(value, dtype, shape)
        except (ValueError, OverflowError, TypeError, struct.error) as error:
            check_lengths(value, shape, path)
            raise Refused(400, f"not an array of {dtype}: {error}", path=path) from None
        if not _fits(result.shape, shape):
            check_lengths(value, shape, path)
            raise Refused(400, f"expected the shape {shape}, got {result.shape}", path=path)
        return result

    return convert_or_refuse


def _is_flat(dtype: np.dtype, shape: tuple[int | None, ...]) -> bool:
    """Whether it is a table of a type that `struct` can pack, with a width that is checked."""
    if len(shape) != _TABLE or not dtype.isnative or dtype.char not in _PACKED:
        return False
    return shape[1] is not None and shape[1] <= _LONGEST_TUPLE


def _convert_rows(rows: list, dtype: np.dtype, shape: tuple[int | None, ...]) -> np.ndarray:
    """The rows of a table; packing them takes half the time that NumPy takes to look at each."""
    width = shape[1] or 0
    count = len(rows) * width
    memory = bytearray(count * dtype.itemsize)
    struct.pack_into(f"{count}{dtype.char}", memory, 0, *chain.from_iterable(rows))
    return np.frombuffer(memory, dtype).reshape(len(rows), width)


def _convert_any(value: Any, dtype: np.dtype, _shape: tuple[int | None, ...]) -> np.ndarray:
    return np.array(value, dtype=dtype)


def check_lengths(value: Any, shape: tuple[int | None, ...], path: str) -> None:
    """Raise `Refused` for the first list that is empty or does not have the declared length."""
    if not shape or not isinstance(value, (list, tuple)):
        return
    wanted = shape[0]
    if not value or (wanted is not None and len(value) != wanted):
        expected = "at least 1 element" if wanted is None else f"{wanted} elements"
        raise Refused(400, f"Expected {expected}, got {len(value)}", path=path)
    inner = shape[1:]
    if inner and inner[0] is None and all(isinstance(item, (list, tuple)) for item in value):
        inner = (len(value[0]), *inner[1:])
    for index, item in enumerate(value):
        check_lengths(item, inner, f"{path}[{index}]")


def join(parts: list[np.ndarray]) -> np.ndarray:
    """One array with the rows of all."""
    return np.concatenate(parts)


def schema(array: Array) -> dict[str, Any]:
    """JSON schema of the lists."""
    kind = _TYPES.get(np.dtype(array.dtype).kind)
    described: dict[str, Any] = {"type": kind} if kind else {}
    if np.dtype(array.dtype).kind in "iu":
        limits = np.iinfo(array.dtype)
        described.update(minimum=int(limits.min), maximum=int(limits.max))
    for length in reversed(array.shape):
        described = {"type": "array", "items": described, "minItems": length or 1}
        if length is not None:
            described["maxItems"] = length
    if array.sample is not None:
        described["example"] = msgspec.to_builtins(array.sample)
    return described


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(
        length > 0 if expected is None else length == expected
        for length, expected in zip(shape, wanted)
    )
