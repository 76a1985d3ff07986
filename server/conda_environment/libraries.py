"""Finds the shared libraries that an environment needs and the image does not have."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

_DATA = json.loads(Path(__file__).with_name("libraries.json").read_text())
_FILES_AT_A_TIME = 100


def missing_libraries(root: Path) -> dict[str, list[Path]]:
    """Names of libraries that nothing brings, with the files that need them.

    A library that lies anywhere in the environment is there: packages load such ones themselves
    before they are needed.
    """
    files = list(_libraries(root))
    there = {file.name for file in files}
    missing: dict[str, list[Path]] = {}
    for start in range(0, len(files), _FILES_AT_A_TIME):
        for file, name in _unresolved(files[start : start + _FILES_AT_A_TIME]):
            if name not in there and name not in _DATA["optional"]:
                missing.setdefault(name, []).append(file)
    return missing


def debian_package_of(library: str) -> str | None:
    """The Debian package that brings a library; `None` where the map does not know it."""
    package: str | None = _DATA["debian"].get(library)
    return package


def owner_of(file: Path) -> str:
    """The package that brought a file, by the records of pip and conda; empty if none says so."""
    for folder in file.parents:
        for record in folder.glob("*.dist-info/RECORD"):
            if any(_names(line, file, folder) for line in record.read_text().splitlines()):
                return record.parent.name.partition("-")[0]
        for record in folder.glob("conda-meta/*.json"):
            described = json.loads(record.read_text())
            if str(file.relative_to(folder)) in described.get("files", ()):
                return str(described["name"])
    return ""


def _names(line: str, file: Path, folder: Path) -> bool:
    return line.startswith(f"{file.relative_to(folder)},")


def _libraries(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root):
        for name in names:
            if name.endswith(".so") or ".so." in name:
                yield Path(folder, name)


def _unresolved(files: list[Path]) -> Iterator[tuple[Path, str]]:
    # `ldd` names each file only where it is given several.
    arguments = [str(file) for file in (files if len(files) > 1 else files * 2)]
    process = subprocess.run(  # noqa: S603
        ["ldd", *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    file = files[0]
    seen: set[tuple[Path, str]] = set()
    for line in process.stdout.splitlines():
        if not line.startswith(("\t", " ")) and line.endswith(":"):
            file = Path(line[:-1])
        elif line.endswith("=> not found"):
            found = (file, line.split()[0])
            if found not in seen:
                seen.add(found)
                yield found
