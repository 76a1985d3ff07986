"""Values without parts, as JSON has them."""

from __future__ import annotations

import datetime
import enum
import math
import sys
import uuid
from pathlib import PurePath
from typing import Any

_DOUBLE = 8
_PANDAS_STRINGS = ("Period", "Interval")
_TIMES = (datetime.date, datetime.time, datetime.timedelta)


class Unwritable(TypeError):
    """A result that JSON cannot say. The message names its type and may be shown to callers."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the result of run() cannot be written as JSON: {reason}")


def scalar(value: Any) -> Any:
    """A string, number, boolean or `None` for a value; raises `Unwritable`."""
    if isinstance(value, enum.Enum):
        return scalar(value.value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, _TIMES):
        return _time(value)
    if isinstance(value, (uuid.UUID, PurePath)) or _is_pandas(value, *_PANDAS_STRINGS):
        return str(value)
    return _numpy(value) if is_numpy_scalar(value) else _number(value)


def is_numpy_scalar(value: object) -> bool:
    """Whether it is a scalar of NumPy, if the script has loaded it."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.generic)


def type_name(value: object) -> str:
    """The type of a value, with its library."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    return kind.__name__ if library in ("builtins", "__main__") else f"{library}.{kind.__name__}"


def _is_pandas(value: object, *names: str) -> bool:
    kind = type(value)
    return kind.__name__ in names and kind.__module__.partition(".")[0] == "pandas"


def _time(value: Any) -> str | None:
    # NaT of pandas is a time, and like NaN not equal to itself.
    if value != value:  # noqa: PLR0124
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0").rstrip(".")
    return f"P{value.days}DT{hours}H{minutes}M{seconds}{fraction}S"


def _numpy(value: Any) -> Any:
    kind = value.dtype.kind
    if kind in "mM":
        if value != value:  # noqa: PLR0124
            return None
        exact = value.astype(f"{kind}8[us]").item()
        # Python has no years before 1 and after 9999.
        return str(value) if isinstance(exact, int) else _time(exact)
    if kind in "biu":
        return value.item()
    if kind == "f" and value.dtype.itemsize < _DOUBLE:
        # The shortest number that is equal in its precision, as orjson writes it.
        return _finite(float(str(value)))
    if kind == "f":
        return _finite(float(value))
    raise _unwritable(value)


def _number(value: Any) -> Any:
    if _is_pandas(value, "NAType"):
        return None
    if not isinstance(value, complex) and hasattr(value, "__float__"):
        try:
            return _finite(float(value))
        except (TypeError, ValueError, OverflowError):
            pass
    raise _unwritable(value)


def _unwritable(value: object) -> Unwritable:
    return Unwritable(f"it holds a value of the type {type_name(value)}")


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
