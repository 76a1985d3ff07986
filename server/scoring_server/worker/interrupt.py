"""Stops a call of `run` that takes too long, where Python lets it be stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

# A script that swallows the first interruption is interrupted again.
_REPEAT_S = 0.25


class RunTimeout(BaseException):
    """`run` took longer than allowed.

    Not an `Exception`, so that a script which catches all of those still ends.
    """


class Alarm:
    """Runs functions of the main thread under a time limit."""

    def __init__(self, timeout_ms: int) -> None:
        self._timeout_s = timeout_ms / 1000
        self._armed = False
        signal.signal(signal.SIGALRM, self._ring)

    def call(self, function: Callable[[], Result]) -> Result:
        """Call the function; raises `RunTimeout` if it does not return in time."""
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, self._timeout_s, _REPEAT_S)
        try:
            return function()
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)

    def disarm(self) -> None:
        """Stop the clock after an alarm rang while `call` was leaving."""
        self._armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, _signal: int, _frame: object) -> None:
        if self._armed:
            raise RunTimeout
