"""Installs the pip part of a conda file as conda does: by pip, in the folder of the file."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from conda_environment.fault import EnvironmentFault
from conda_environment.plan import is_replaced

# What pip installed, by its own account.
REPORT = ".image-report.json"
# A pip for old Pythons, in a folder of this environment (`requirements-old-pip.txt`).
OLD_PIP = Path(sys.prefix, "old-pip")
_OLDEST_OF_PIP = (3, 10)
_LISTING = ".image-requirements.txt"
# Options that decide where packages are found, and which file of a release is taken.
_PLACES = re.compile(
    r"^(-i|-f|--index-url|--extra-index-url|--find-links|--no-index|--trusted-host"
    r"|--no-binary|--only-binary|--prefer-binary)\b"
)
_FIND_LINKS = re.compile(r"^(-f|--find-links)([\s=]*)(\S+)")
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
    _run_pip(python, listed, folder, ("--report", REPORT))


def install_locked(lines: Iterable[str], options: list[str], python: Path, folder: Path) -> None:
    """Install what a lock names, and nothing else; raises `EnvironmentFault`.

    `options` say where packages are found.
    """
    listed = list(lines)
    # pip asks for the hashes of all or none; files of the user's, and commits, need none.
    for group in (
        [line for line in listed if "--hash=" in line],
        [line for line in listed if "--hash=" not in line],
    ):
        if group:
            _run_pip(python, [*options, *group], folder, ("--no-deps",))


def options_of(lines: Iterable[str], folder: Path) -> list[str]:
    """The lines that say where packages are found, also those of files that others include.

    `folder` is that of the file with the lines.
    """
    found = []
    for line in lines:
        include = _INCLUDE.match(line)
        if include and (folder / include[1]).is_file():
            file = folder / include[1]
            text = file.read_text(encoding="utf-8")
            joined = (logical.replace("\\\n", " ") for logical in _logical_lines(text))
            bare = [re.sub(r"(^|\s+)#.*$", "", logical).strip() for logical in joined]
            found += options_of(bare, file.parent)
        elif _PLACES.match(line):
            found.append(_FIND_LINKS.sub(lambda option: _beside(option, folder), line))
    return found


def _beside(option: re.Match[str], folder: Path) -> str:
    """A folder of wheels where pip finds it: beside the file that names it, else where pip runs."""
    there = folder / option[3]
    return f"{option[1]}{option[2]}{there.resolve() if there.exists() else option[3]}"


def _run_pip(python: Path, lines: list[str], folder: Path, options: tuple[str, ...]) -> None:
    listing = folder / _LISTING
    listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    process = subprocess.run(  # noqa: S603
        [*pip(python), "install", "--no-cache-dir", "--no-input", *options, "-r", _LISTING],
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
    """The command line of a pip that works on the environment of `python`.

    pip is run by that Python itself, and the newest one does not run on the oldest that are served.
    """
    question = f"import sys; sys.exit(sys.version_info < {_OLDEST_OF_PIP})"
    is_old = subprocess.run([str(python), "-c", question], check=False).returncode  # noqa: S603
    run = [str(OLD_PIP / "pip")] if is_old else ["-m", "pip"]
    return [sys.executable, *run, "--python", str(python)]


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
