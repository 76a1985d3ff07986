"""The scripts that both servers run, and the requests that both get."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from makers import MAKERS

CORPUS = Path(__file__).parent / "corpus"
_CASE = "case.yaml"
NOT_WRITTEN = object()
"""The answer of a request whose answer is only compared."""


@dataclass(frozen=True)
class Request:
    """A request, and how the two answers may differ."""

    name: str
    method: str = "POST"
    path: str = "/score"
    body: bytes = b"[1, 2]"
    headers: Mapping[str, str] = field(default_factory=dict)
    """An empty value leaves a header out that is sent otherwise."""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    """Files of a form, sent instead of `body`."""
    status: int = 200
    """Status of both, unless a difference is documented."""
    answer: object = NOT_WRITTEN
    """The JSON value or text that ours answers."""
    difference: str | None = None
    """Name of the documented difference; `None` requires the same answer."""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Script:
    """A script, what lies beside it, and its requests."""

    name: str
    requests: tuple[Request, ...]
    folder: Path | None = None
    """Its files; `None` if it is `text` alone."""
    text: str = ""
    entry: str = "score.py"
    models: Mapping[str, str] = field(default_factory=dict)
    """Model files by their paths below `azureml-models`, each with the name of its maker."""
    environment: Mapping[str, str] = field(default_factory=dict)
    reference_environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of the reference alone, which stand for what surrounds it on Azure."""
    timeout_ms: int = 30_000
    """Longest call of `run`."""
    starts: bool = True
    """Whether it starts, on both servers unless a difference is documented."""
    difference: str | None = None
    """A documented difference of the start or of the log."""
    log: Mapping[str, str] = field(default_factory=dict)
    """Regular expressions of lines in the logs of the two servers (`azureml`, `here`)."""

    def __str__(self) -> str:
        return self.name

    def lay_out(self, target: Path) -> None:
        """Fill the folder of the code: the script's files and its models."""
        if self.folder is None:
            (target / self.entry).write_text(self.text)
        else:
            shutil.copytree(self.folder, target, dirs_exist_ok=True)
        for path, maker in self.models.items():
            file = target / "azureml-models" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            MAKERS[maker](file)

    def model_dir(self, target: Path) -> Path | None:
        """Where Azure ML lets `AZUREML_MODEL_DIR` point: at the only model, or at all of them."""
        root = target / "azureml-models"
        if not root.is_dir():
            return None
        names = sorted(root.iterdir())
        return names[0] / "1" if len(names) == 1 else root

    @property
    def imports_azureml(self) -> bool:
        """Whether it asks for a package of Azure ML, which ours has stand-ins for."""
        if self.folder is None:
            return "azureml" in self.text
        return any("import" in line and "azureml" in line for line in self._lines())

    def _lines(self) -> Iterator[str]:
        assert self.folder is not None
        for file in self.folder.rglob("*.py"):
            yield from file.read_text().splitlines()


def load_corpus() -> list[Script]:
    """All scripts of the corpus, in the order of their names."""
    return [_load(file.parent) for file in sorted(CORPUS.glob(f"*/{_CASE}"))]


def _load(folder: Path) -> Script:
    case = yaml.safe_load((folder / _CASE).read_text())
    requests = tuple(_request(folder, **entry) for entry in case.pop("requests", ()))
    return Script(f"{folder.name}: {case.pop('says')}", requests, folder, **case)


def _request(folder: Path, **entry: Any) -> Request:
    """A request of `case.yaml`, whose body is `json`, `text`, `hex` or `made` by a maker."""
    if "json" in entry:
        entry["body"] = json.dumps(entry.pop("json")).encode()
    elif "text" in entry:
        entry["body"] = entry.pop("text").encode()
    elif "hex" in entry:
        entry["body"] = bytes.fromhex(entry.pop("hex"))
    elif "made" in entry:
        entry["body"] = MAKERS[entry.pop("made")](None)
    elif "parts" in entry:
        entry["parts"] = {name: MAKERS[maker](None) for name, maker in entry["parts"].items()}
    elif entry.get("method", "POST") != "POST":
        entry["body"] = b""
    else:
        raise ValueError(f"{folder.name}: the request {entry['name']} has no body")
    return Request(**entry)
