"""Installs the pip part of a conda file as conda does: by pip, in the folder of the file."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from conda_environment.fault import EnvironmentFault
from conda_environment.plan import is_replaced

_LISTING = ".image-requirements.txt"
_INCLUDE = re.compile(r"^(?:-r|--requirement|-c|--constraint)[\s=]*(\S+)")


def install_requirements(
    lines: Iterable[str], python: Path, folder: Path, keep_replaced: bool
) -> None:
    """Install requirements into the environment of `python`; raises `EnvironmentFault`."""
    # What is installed as editable stays where it lies, which is not in the image.
    listed = [re.sub(r"^(-e|--editable)[\s=]+", "", line) for line in lines]
    if not keep_replaced:
        for line in listed:
            _leave_out_replaced(line, folder)
    if not listed:
        return
    listing = folder / _LISTING
    listing.write_text("\n".join(listed) + "\n", encoding="utf-8")
    process = subprocess.run(  # noqa: S603
        [*pip(python), "install", "--no-cache-dir", "--no-input", "-r", _LISTING],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"},
    )
    if process.returncode:
        sys.stderr.write(process.stderr)
        raise EnvironmentFault(pip_fault(process.stderr))


def pip(python: Path) -> list[str]:
    """The command line of this environment's pip, working on that of `python`."""
    return [sys.executable, "-m", "pip", "--python", str(python)]


def pip_fault(errors: str) -> str:
    """The one line of pip's errors that says what is wrong."""
    missing = re.search(r"No matching distribution found for (\S+)", errors)
    if missing:
        return f"pip finds no {missing[1]} that this Python and platform can have"
    found = [line for line in errors.splitlines() if line.startswith("ERROR: ")]
    return f"pip failed: {found[-1].removeprefix('ERROR: ') if found else 'see above'}"


def _leave_out_replaced(line: str, folder: Path) -> None:
    """Remove what the image's server replaces from the files that a line includes."""
    include = _INCLUDE.match(line)
    if include is None or "://" in include[1]:
        return
    file = folder / include[1]
    if not file.is_file():
        return
    kept = []
    for logical in _logical_lines(file.read_text(encoding="utf-8")):
        bare = logical.replace("\\\n", " ").strip()
        if not is_replaced(bare):
            kept.append(logical)
        # Files that this one includes are named from its own folder.
        _leave_out_replaced(bare, file.parent)
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _logical_lines(text: str) -> Iterator[str]:
    lines: list[str] = []
    for line in text.splitlines():
        lines.append(line)
        if not line.endswith("\\"):
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)
