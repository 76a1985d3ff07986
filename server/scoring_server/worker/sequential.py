"""One call of `run` at a time, for one request or for the rows of several that wait."""

from __future__ import annotations

import time

from scoring_server.log_context import log_for
from scoring_server.messages import Answer, Work
from scoring_server.worker.channel import Channel
from scoring_server.worker.handler import Handler, Prepared
from scoring_server.worker.interrupt import RunTimeout
from scoring_server.worker.results import (
    Refused,
    answer_exception,
    answer_late,
    answer_refusal,
    answer_timeout,
)
from scoring_server.worker.runner import Runner
from scoring_server.worker.split import split

# Answers of quick calls travel together, but none waits longer than this.
_HOLD_NS = 2_000_000
# A joined call waits for further requests at most this share of the usual duration of a call.
_WAIT_SHARE = 0.1
_SMOOTHING = 0.2


class SequentialLoop:
    """Takes requests in the order in which they arrive."""

    def __init__(
        self,
        channel: Channel,
        handler: Handler,
        runner: Runner,
        batch_rows: int = 0,
        batch_wait_ms: int = 0,
    ) -> None:
        """Serve one by one, or with `batch_rows` above 0 join up to that many rows."""
        self._channel, self._handler, self._runner = channel, handler, runner
        self._batch_rows, self._longest_wait_ns = batch_rows, batch_wait_ms * 1_000_000
        self._usual_ns = 0.0
        self._held: list[Answer] = []
        self._held_since = 0
        self._aside: Prepared | Answer | None = None

    def run(self) -> None:
        """Serve until the server is gone."""
        waiting = self._channel.waiting
        while True:
            if not waiting and self._aside is None:
                self._send()
                self._channel.receive(block=True)
            elif self._batch_rows:
                self._channel.receive(block=False)
            if self._batch_rows:
                self._score_together()
            else:
                self._hold(self._score(waiting.popleft()))
            if self._held and time.monotonic_ns() - self._held_since > _HOLD_NS:
                self._send()

    def _hold(self, *answers: Answer) -> None:
        if not self._held:
            self._held_since = time.monotonic_ns()
        self._held += answers

    def _send(self) -> None:
        if self._held:
            self._channel.answer(self._held)
            self._held = []

    def _score(self, work: Work) -> Answer:
        prepared = self._prepare(work)
        return self._score_alone(prepared) if isinstance(prepared, Prepared) else prepared

    def _prepare(self, work: Work) -> Prepared | Answer:
        if work.deadline_ns < time.monotonic_ns():
            return answer_late(work)
        try:
            return self._handler.prepare(work)
        except Refused as refused:
            return answer_refusal(work, refused)
        except Exception as error:
            return answer_exception(work, error)

    def _score_alone(self, prepared: Prepared) -> Answer:
        log_for(prepared.work.request_id, prepared.work.trace)
        try:
            arguments = prepared.arguments
            if arguments is None:
                arguments = self._handler.join([prepared])
            result = self._runner.call(arguments, 1, len(self._held))
            answer = self._handler.answer(prepared, result)
        except Refused as refused:
            return answer_refusal(prepared.work, refused)
        except RunTimeout:
            return answer_timeout(prepared.work)
        except BaseException as error:
            # Also SystemExit and KeyboardInterrupt: a script must not end its worker this way.
            return answer_exception(prepared.work, error)
        answer.run_ns, answer.rows = self._runner.last_ns, prepared.rows
        return answer

    def _score_together(self) -> None:
        self._await_more()
        together = self._take()
        if len(together) == 1:
            self._hold(self._score_alone(together[0]))
        elif together:
            self._score_joined(together)

    def _await_more(self) -> None:
        wait_ns = min(self._longest_wait_ns, self._usual_ns * _WAIT_SHARE)
        if wait_ns:
            self._channel.wait(wait_ns / 1e9)

    def _take(self) -> list[Prepared]:
        """Take the oldest requests as far as they can be joined; the next one is set aside."""
        together: list[Prepared] = []
        waiting, room = self._channel.waiting, self._batch_rows
        prepared, self._aside = self._aside, None
        while prepared is not None or waiting:
            if prepared is None:
                prepared = self._prepare(waiting.popleft())
            if together and not self._fits(prepared, together[0], room):
                self._aside = prepared
                break
            if isinstance(prepared, Answer):
                self._hold(prepared)
            else:
                together.append(prepared)
                room -= prepared.rows
                if not prepared.rows or prepared.work.alone:
                    break
            prepared = None
        return together

    def _fits(self, prepared: Prepared | Answer, first: Prepared, room: int) -> bool:
        # A refusal ends the joined call too: answers are made in the order of the requests, which
        # tells the server which ones a call serves.
        return (
            isinstance(prepared, Prepared)
            and 0 < prepared.rows <= room
            and prepared.group == first.group
            and not prepared.work.alone
        )

    def _score_joined(self, together: list[Prepared]) -> None:
        answers = self._answers_of_one_call(together)
        if answers is None:
            # One of them made the call fail, or the result does not have one part per row.
            for prepared in together:
                self._hold(self._score_alone(prepared))
        else:
            self._hold(*answers)

    def _answers_of_one_call(self, together: list[Prepared]) -> list[Answer] | None:
        counts = [prepared.rows for prepared in together]
        log_for("", "")
        try:
            arguments = self._handler.join(together)
            result = self._runner.call(arguments, len(together), len(self._held))
            parts = split(result, counts)
            if parts is None:
                return None
            answers = [
                self._handler.answer(prepared, part) for prepared, part in zip(together, parts)
            ]
        except (Exception, RunTimeout, SystemExit):
            return None
        rows = sum(counts)
        for answer in answers:
            answer.run_ns, answer.rows = self._runner.last_ns, rows
        self._usual_ns += _SMOOTHING * (self._runner.last_ns - self._usual_ns)
        return answers
