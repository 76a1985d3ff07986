"""The documented differences, and their table in the page for writers of scripts."""

import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "scoring.md"
_HEADER = ["| Case | azureml | here | Why |", "| --- | --- | --- | --- |"]


@dataclass(frozen=True)
class Difference:
    """What Azure ML's server does in a case, what ours does, and why."""

    case: str
    azureml: int | str
    here: int | str
    why: str
    statuses: list[list[int]] | None = None

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The statuses of the two that a request may get, if it is a difference of requests."""
        if self.statuses is not None:
            return [(azureml, here) for azureml, here in self.statuses]
        if isinstance(self.azureml, int) and isinstance(self.here, int):
            return [(self.azureml, self.here)]
        return []


DIFFERENCES = {
    name: Difference(**entry)
    for name, entry in yaml.safe_load((HERE / "differences.yaml").read_text()).items()
}


def table() -> str:
    """The differences as a Markdown table."""
    rows = [
        f"| {one.case} | {one.azureml} | {one.here} | {one.why} |" for one in DIFFERENCES.values()
    ]
    return "\n".join([*_HEADER, *rows]) + "\n"


def with_table(page: str) -> str:
    """The page with its table replaced by the present one."""
    before, _, rest = page.partition(_HEADER[0])
    _, separator, after = rest.partition("\n\n")
    return before + table() + separator[1:] + after


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
    sys.stdout.write(f"{PAGE} written\n")
