"""What runs with the script's Python runs on the oldest one that is served."""

import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from conda_environment.python_version import SUPPORTED
from server import SERVER

# Imports the worker with all that it may import later, and names the files of what was imported.
FIND = """
import importlib, pkgutil, sys
from scoring_server import worker
for module in pkgutil.iter_modules(worker.__path__):
    importlib.import_module(f"scoring_server.worker.{module.name}")
for name, module in sorted(sys.modules.items()):
    if name.partition(".")[0] == "scoring_server":
        print(module.__file__)
"""


@pytest.fixture(scope="module")
def files():
    """The worker's files, those of the server that it imports, and the stand-ins."""
    command = [sys.executable, "-c", FIND]
    found = subprocess.run(command, cwd=SERVER, stdout=subprocess.PIPE, text=True, check=True)
    imported = [Path(file) for file in found.stdout.split()]
    assert {"messages.py", "v2.py"} <= {file.name for file in imported}
    assert "app.py" not in {file.name for file in imported}
    return [*imported, *(SERVER / "scoring_server" / "shims").rglob("*.py")]


def faults(command, files):
    command = [*command, *files]
    run = subprocess.run(command, cwd=SERVER, capture_output=True, text=True, check=False)
    return run.stdout + run.stderr


def refused(tmp_path, text, command):
    file = tmp_path / "new.py"
    file.write_text(text)
    return faults(command, [file])


VERMIN = ["vermin", "--config-file", "vermin.ini"]
RUFF = ["ruff", "check", "--quiet", "--isolated", "--target-version", "py38", "--select", "FA102"]


def test_the_worker_uses_nothing_that_python_3_8_lacks(files):
    assert faults(VERMIN, files) == ""
    assert faults(RUFF, files) == ""


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("for pair in zip([1], [2], strict=True): pass\n", VERMIN),
        ("from functools import cache\n", VERMIN),
        ("from datetime import UTC\n", VERMIN),
        ("match 1:\n    case 2: pass\n", RUFF),
        ("def f(given: int | None): pass\n", RUFF),
        ("class Some:\n    given: list[int]\n", RUFF),
    ],
)
def test_what_python_3_8_lacks_would_be_found(tmp_path, text, command):
    assert "new.py" in refused(tmp_path, text, command)


def test_each_supported_python_has_one_version_of_each_package_of_the_worker():
    lines = (SERVER / "requirements-worker.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    for minor in SUPPORTED:
        names = [pin.name for pin in pins if pin.marker.evaluate({"python_version": minor})]
        assert sorted(names) == ["apispec", "msgspec", "orjson", "packaging", "typing_extensions"]
