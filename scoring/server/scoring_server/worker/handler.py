"""What the loops of a worker need to know about a kind of `run`."""

from typing import Protocol

from scoring_server.messages import Answer, Work


class Handler(Protocol):
    """Turns requests into arguments of `run` and its results into answers."""

    any_method: bool
    """Whether `run` itself looks at the method of the request."""
    accepts: list[str] | None
    """Media types it can parse; `None` leaves the choice to the settings."""
    wants_headers: bool
    """Whether `Work.headers` must be filled."""

    def arguments(self, work: Work) -> dict[str, object]:
        """The arguments of `run`; raises `Refused`."""

    def answer(self, work: Work, result: object) -> Answer:
        """The answer that carries the result."""
