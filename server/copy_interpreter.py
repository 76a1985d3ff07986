"""Copies the Python that runs this into a folder, so that it runs in an image without it.

The server's Python must not depend on that of the script, which the base image or the conda file
decides. The copy brings the shared libraries that Python's own modules need, except the C library.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

# Parts of the standard library that a server does not use, and other packages' folders.
_LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "config-*", "dist-packages", "ensurepip", "idlelib", "lib2to3", "site-packages",
    "test", "tests", "tkinter", "turtledemo", "_dbm.*", "_gdbm.*", "_tkinter.*", "nis.*",
)  # fmt: skip
# The C library belongs to the kernel's loader of the image that it runs in.
_C_LIBRARY = re.compile(r"^(ld-linux|lib(c|m|dl|rt|pthread|util|resolv|nsl|crypt)\.so)")


def copy_interpreter(target: Path, patchelf: str) -> None:
    """Copy executable, standard library and shared libraries below `target`."""
    version = sysconfig.get_python_version()
    executable = target / "bin" / f"python{version}"
    executable.parent.mkdir(parents=True)
    shutil.copy2(Path(sys.executable).resolve(), executable)
    executable.with_name("python3").symlink_to(executable.name)
    library = target / "lib" / f"python{version}"
    shutil.copytree(sysconfig.get_path("stdlib"), library, ignore=_LEFT_OUT, symlinks=False)
    (library / "site-packages").mkdir()
    extensions = sorted(library.glob("lib-dynload/*.so"))
    for needed in sorted({file for item in [executable, *extensions] for file in _needs(item)}):
        shutil.copy2(needed.resolve(), target / "lib" / needed.name)
    # RPATH instead of RUNPATH: it also holds for what the extension modules need.
    command = [patchelf, "--force-rpath", "--set-rpath", "$ORIGIN/../lib", str(executable)]
    subprocess.run(command, check=True)  # noqa: S603


def _needs(file: Path) -> list[Path]:
    command = ["ldd", str(file)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.findall(r"=> (/\S+)", listed.stdout)
    return [Path(item) for item in found if not _C_LIBRARY.match(Path(item).name)]


if __name__ == "__main__":
    copy_interpreter(Path(sys.argv[1]), sys.argv[2])
