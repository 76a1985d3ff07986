"""Whether an answer is the expected one, up to a tolerance of its numbers."""

import json
import math
from collections.abc import Iterator
from typing import NamedTuple


class Tolerance(NamedTuple):
    """How far a number may be from the expected one: the larger of both."""

    relative: float
    """In parts of the expected number."""
    absolute: float


class Difference(NamedTuple):
    """One place where an answer is not the expected one."""

    path: str
    """As in the messages about declared input: `$.data[1][1]`."""
    expected: str
    got: str


class NotJson(Exception):
    """The text is not JSON, or is nested too deeply to be read."""


_ABSENT = object()


def parsed(text: bytes | str) -> object:
    """The value of a JSON text, integers whole; raises `NotJson`, for NaN and infinities too."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from None


def differences(expected: object, got: object, tolerance: Tolerance) -> Iterator[Difference]:
    """Where two values of JSON differ, in the order of the expected one.

    Structure, strings, booleans, `null` and whole numbers must be the same. Two numbers of which
    one is written as a fraction are the same within the tolerance.
    """
    # No recursion: results may be nested more deeply than Python calls.
    left = [("$", expected, got)]
    while left:
        path, one, other = left.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            # A key that only one of them has is met as absent in the other.
            keys = [*one, *(key for key in other if key not in one)]
            pairs = [
                (_member(path, key), one.get(key, _ABSENT), other.get(key, _ABSENT)) for key in keys
            ]
            left.extend(reversed(pairs))
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                yield Difference(path, _items(one), _items(other))
            pairs = [
                (f"{path}[{index}]", *pair)
                for index, pair in enumerate(zip(one, other, strict=False))
            ]
            left.extend(reversed(pairs))
        elif not _same(one, other, tolerance):
            yield Difference(path, shown(one), shown(other))


def shown(value: object, longest: int = 200) -> str:
    """A value as JSON in ASCII, cut where it is too long."""
    if value is _ABSENT:
        return "nothing"
    try:
        text = json.dumps(value, separators=(",", ":"))
    except (ValueError, RecursionError):
        # Nested too deeply, or an integer of more digits than Python writes.
        return "a value that is too large to show"
    return text if len(text) <= longest else f"{text[:longest]}..."


def _same(expected: object, got: object, tolerance: Tolerance) -> bool:
    if not (_is_number(expected) and _is_number(got)):
        # True is 1 to Python, and not to JSON.
        return type(expected) is type(got) and expected == got
    if isinstance(expected, int) and isinstance(got, int):
        return expected == got
    try:
        distance = abs(got - expected)
        allowed = max(tolerance.relative * abs(expected), tolerance.absolute)
    except OverflowError:
        # An integer beyond all fractions.
        return False
    # Numbers beyond the largest are infinite when read: equal, but not at a distance.
    return expected == got or (math.isfinite(expected) and distance <= allowed)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _member(path: str, key: str) -> str:
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{shown(key)}]"


def _items(value: list) -> str:
    return f"{len(value)} item{'' if len(value) == 1 else 's'}"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
