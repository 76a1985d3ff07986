"""The sample that a replica has to answer before it takes requests, as files of a folder.

`request` is the body as it is sent, `expected.json` the answer, if one is expected, and
`rules.json` says how to send and to compare. The deploying program writes them.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from scoring_server.comparison import NotJson, Tolerance, parsed

_NotNegative = Annotated[float, Meta(ge=0)]


class InvalidSample(Exception):
    """The folder does not hold a sample; the message names the file."""


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What `rules.json` says."""

    content_type: str
    """Media type of the request."""
    relative: _NotNegative
    """Tolerance of numbers, in parts of the expected one."""
    absolute: _NotNegative
    """Tolerance of numbers; the larger of both counts."""
    timeout_seconds: Annotated[float, Meta(gt=0)] | None = None
    """Longest time to the answer; without it, only that of `run` is limited."""
    hidden: bool = False
    """Whether no message may show what is expected and what came."""


class Sample(msgspec.Struct, frozen=True):
    """A request with what is expected of its answer."""

    request: bytes
    rules: Rules
    has_answer: bool
    """Whether an answer is expected; otherwise any with status 200 will do."""
    answer: object = None
    """The expected value."""

    @property
    def tolerance(self) -> Tolerance:
        """How far numbers of the answer may be from the expected ones."""
        return Tolerance(self.rules.relative, self.rules.absolute)


def load_sample(folder: str) -> Sample:
    """Read a sample; raises `InvalidSample`."""
    request = _read(Path(folder, "request"))
    rules_file, answer_file = Path(folder, "rules.json"), Path(folder, "expected.json")
    try:
        rules = msgspec.json.decode(_read(rules_file), type=Rules)
    except msgspec.DecodeError as error:
        raise InvalidSample(f"{rules_file} does not say how to use the sample: {error}") from None
    if not answer_file.exists():
        return Sample(request, rules, has_answer=False)
    try:
        return Sample(request, rules, has_answer=True, answer=parsed(_read(answer_file)))
    except NotJson:
        raise InvalidSample(f"{answer_file} is not JSON") from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidSample(f"the sample cannot be read: {error}") from None
