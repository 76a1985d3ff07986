"""Cuts the result of a joined call into the parts of its requests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence


def split(result: object, counts: Sequence[int]) -> list | None:
    """One part for each request, or `None` if the result does not have one element per row.

    It does if it is a sequence with one element a row, a mapping whose values are such sequences,
    or the JSON text of either.
    """
    total = sum(counts)
    if isinstance(result, str):
        return _split_text(result, counts)
    if isinstance(result, Mapping):
        parts = {name: split(value, counts) for name, value in result.items()}
        if not parts or None in parts.values():
            return None
        return [{name: part[i] for name, part in parts.items()} for i in range(len(counts))]
    if isinstance(result, tuple) and (len(result) != total or hasattr(result, "_fields")):
        # The fields of a named tuple are not rows, even if there are as many.
        return None
    if not hasattr(result, "__len__") or isinstance(result, bytes) or len(result) != total:
        return None
    rows = getattr(result, "iloc", result)
    if not hasattr(rows, "__getitem__"):
        return None
    return [rows[start:end] for start, end in _spans(counts)]


def _split_text(text: str, counts: Sequence[int]) -> list[str] | None:
    try:
        result = json.loads(text)
    except ValueError:
        return None
    parts = None if isinstance(result, str) else split(result, counts)
    return None if parts is None else [json.dumps(part) for part in parts]


def _spans(counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for count in counts:
        yield start, start + count
        start += count
