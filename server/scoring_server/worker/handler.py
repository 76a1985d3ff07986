"""What the loops of a worker need to know about a kind of `run`."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Hashable
from typing import Any, Protocol

import msgspec

from scoring_server.messages import Answer, Work
from scoring_server.worker.results import answer_result


class Prepared(msgspec.Struct, gc=False):
    """A request that `run` can be called with."""

    work: Work
    arguments: dict[str, Any] | None
    """`None` if `join` makes them, even for one alone."""
    rows: int = 0
    """Rows that it brings to a joined call; 0 keeps it alone."""
    group: Hashable = None
    """Only requests of the same group are joined."""
    form: Any = None
    """How the answer is to be written, where the request chose that."""


def without_bom(body: bytes) -> bytes:
    """A body in UTF-8 without the byte order mark that some clients put before it."""
    return body[3:] if body.startswith(BOM_UTF8) else body


class Handler(Protocol):
    """Turns requests into arguments of `run` and its results into answers."""

    any_method: bool
    """Whether `run` itself looks at the method of the request."""
    accepts: tuple[str, ...] | None
    """Media types it can parse; `None` leaves the choice to the settings."""
    wants_headers: bool
    """Whether `Work.headers` must be filled."""

    def prepare(self, work: Work) -> Prepared:
        """Parse and check a request; raises `Refused`."""

    def join(self, together: list[Prepared]) -> dict[str, Any]:
        """Arguments of one call of `run` for the rows of several requests."""

    def answer(self, prepared: Prepared, result: object) -> Answer:
        """The answer that carries the result; raises `Refused` if it cannot."""


class ScoredAlone:
    """The part that is the same in all kinds of `run` whose requests are not joined."""

    def join(self, together: list[Prepared]) -> dict[str, Any]:
        """Never called: no request of such a handler has rows."""
        raise NotImplementedError

    def answer(self, prepared: Prepared, result: object) -> Answer:
        """Answer with what `run` returned: its response, or JSON."""
        return answer_result(prepared.work, result)
