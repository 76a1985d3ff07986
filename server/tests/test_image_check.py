"""The check that ends the build of an image."""

import shutil
import subprocess
from pathlib import Path

import pytest

from conda_environment.check import import_fault, library_faults
from server import SERVER, WORKER

PATCHELF = shutil.which("patchelf") or "patchelf"


def test_a_library_that_nothing_brings_is_named_with_what_needs_it(tmp_path, interpreter):
    site = tmp_path / "lib" / "python3" / "site-packages"
    (site / "own").mkdir(parents=True)
    (site / "own-1.0.dist-info").mkdir()
    (site / "own-1.0.dist-info" / "RECORD").write_text("own/native.so,,\n")
    source = next(file for file in (interpreter / "lib").glob("lib*.so*"))
    native = site / "own" / "native.so"
    shutil.copy(source, native)
    for library in ("libGLfoo.so.1", "libcuda.so.1", "libown-too.so.2", "libxcb-own.so.0"):
        subprocess.run([PATCHELF, "--add-needed", library, str(native)], check=True)
    # One that lies elsewhere in the environment is loaded by its package.
    shutil.copy(source, site / "libown-too.so.2")
    faults = library_faults(tmp_path, {"libxcb-own.so.0"})
    assert len(faults) == 1
    assert faults[0].startswith("libGLfoo.so.1 is missing, which own needs (")


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("from azureml.core.model import Model", None),
        ("import helper\ndef init(): raise SystemExit", None),
        ("import nothing_of_this_name", "No module named 'nothing_of_this_name'"),
        ("from helper import absent", "cannot import name 'absent'"),
        ("def run(:", "SyntaxError"),
        ("import ctypes; ctypes.CDLL('libnothing.so.1')", "libnothing.so.1"),
        # Only the pod has these.
        ("import os; os.environ['SET_IN_THE_POD']", None),
        ("open('model.pkl')", None),
        ("raise SystemExit(1)", None),
    ],
)
def test_the_build_imports_the_script_without_calling_init(tmp_path, script, fault):
    (tmp_path / "score.py").write_text(script)
    (tmp_path / "helper.py").touch()
    found = import_fault(Path(WORKER), tmp_path, "score.py", SERVER)
    if fault is None:
        assert found is None
    else:
        assert found.startswith("score.py cannot be imported: ")
        assert fault in found
