"""The lock of an environment: what was installed, so that the same is installed months later.

A YAML file with the conda part as conda's own library writes it (`conda`), and the pip part as
exact requirements (`pip`). `npm run lock` adds `inputs`, a digest of what it was made from.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from rattler import LockChannel, LockFile, LockPlatform, RepoDataRecord

_ENVIRONMENT = "default"


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines line by line, so that a user sees what a new lock changes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


@dataclass(frozen=True)
class Lock:
    """Exact packages of both parts."""

    records: tuple[RepoDataRecord, ...]
    requirements: tuple[str, ...]


def read_lock(file: Path) -> Lock | None:
    """Read the lock of a build; `None` where the user committed none."""
    if not file.is_file():
        return None
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Lock(tuple(_records(document.get("conda"))), tuple(document.get("pip") or ()))


def write_lock(
    file: Path, records: Iterable[RepoDataRecord], channels: Iterable[str], report: Path
) -> None:
    """Write what was installed: records of conda, and pip's own report."""
    document = {"conda": _conda_text(list(records), channels), "pip": list(_pinned(report))}
    text = yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1000)
    file.write_text(text, encoding="utf-8")


def _records(text: str | None) -> list[RepoDataRecord]:
    if not text:
        return []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "conda.lock")
        file.write_text(text, encoding="utf-8")
        environment = LockFile.from_path(file).default_environment()
    if environment is None:
        return []
    [platform] = environment.platforms()
    return environment.conda_repodata_records_for_platform(platform) or []


def _conda_text(records: list[RepoDataRecord], channels: Iterable[str]) -> str:
    if not records:
        return ""
    platform = LockPlatform("linux-64")
    lock = LockFile([platform])
    lock.set_channels(_ENVIRONMENT, [LockChannel(channel) for channel in channels])
    for record in records:
        lock.add_conda_package(_ENVIRONMENT, platform, record)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "conda.lock")
        lock.to_path(file)
        return file.read_text(encoding="utf-8")


def _pinned(report: Path) -> Iterator[str]:
    """Requirements that name exactly what pip reports to have installed."""
    if not report.is_file():
        return
    installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    for item in sorted(installed, key=lambda entry: entry["metadata"]["name"].lower()):
        name, version = item["metadata"]["name"], item["metadata"]["version"]
        source = item["download_info"]
        if "vcs_info" in source:
            vcs = source["vcs_info"]
            yield f"{name} @ {vcs['vcs']}+{source['url']}@{vcs['commit_id']}"
        elif item["is_direct"]:
            # A file or folder of the user's, which `inputs` knows, or a URL of a file.
            yield f"{name} @ {source['url']}"
        else:
            hashes = source["archive_info"].get("hashes", {})
            yield f"{name}=={version} --hash=sha256:{hashes['sha256']}"
