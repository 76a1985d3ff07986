"""Makes the packages of the end-to-end tests: `make_packages.py FOLDER`.

It runs in the stage `build` of an image, which has all that it takes: conda's own library, a Python
that runs on the base image, `patchelf`, and a library of the base image to put into a package.
"""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from conda_channel import CondaChannel
from wheels import wheel

_INTERPRETER = Path("/opt/scoring/python")
_PATCHELF = "/build/own/bin/patchelf"
_LIBRARY = Path("/usr/lib/x86_64-linux-gnu/libxxhash.so.0")
# The part of the package on PyPI that the test's script uses.
_XXHASH = b"""\
import ctypes
import sys

_library = ctypes.CDLL(f"{sys.prefix}/lib/libxxhash.so.0")
_library.XXH64.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64)
_library.XXH64.restype = ctypes.c_uint64


def xxh64_hexdigest(data, seed=0):
    return f"{_library.XXH64(data, len(data), seed):016x}"
"""
_PRIVATE = "azureml_aks_private"
# Debian's Python looks elsewhere for packages than others; this file of its own it can do without.
_SITE_FILE = f"lib/python{sysconfig.get_python_version()}/sitecustomize.py"
_SITE = b"""\
import site
import sys

site.addsitedir("%s/lib/python%d.%d/site-packages" % (sys.prefix, *sys.version_info[:2]))
"""
_TOOLZ = b"def first(values):\n    return next(iter(values))\n"


def make_folder_channel(folder: Path) -> None:
    """A channel with Python, a native library, and a module that loads it."""
    channel = CondaChannel(folder)
    files: dict[str, bytes | Path] = {
        str(file.relative_to(_INTERPRETER)): file
        for file in _INTERPRETER.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    files["bin/python"] = files["bin/python3"]
    files[_SITE_FILE] = _SITE
    channel.add("python", ".".join(map(str, sys.version_info[:3])), files)
    libraries = {
        "lib/libxxhash.so.0": _LIBRARY.read_bytes(),
        # Extras as packages bring them: one needs a library of Debian's, one a driver.
        "lib/libxxhash_parallel.so": _needing(folder, "libgomp.so.1"),
        "lib/libxxhash_gpu.so": _needing(folder, "libown-driver.so.1"),
    }
    channel.add("xxhash", "0.8.1", libraries)
    module = {"site-packages/xxhash.py": _XXHASH}
    needs = ("python >=3.8", "xxhash >=0.8")
    channel.add("python-xxhash", "4.1.0", module, needs, noarch_python=True)
    channel.index()


def make_private_channel(folder: Path) -> None:
    """A channel with one package in Python alone."""
    channel = CondaChannel(folder)
    module = {"site-packages/toolz.py": _TOOLZ}
    channel.add("toolz", "1.2.0", module, ("python >=3.8",), noarch_python=True)
    channel.index()


def _needing(folder: Path, library: str) -> bytes:
    file = folder / "needing.so"
    file.write_bytes(_LIBRARY.read_bytes())
    subprocess.run([_PATCHELF, "--add-needed", library, str(file)], check=True)
    content = file.read_bytes()
    file.unlink()
    return content


def main(target: Path) -> None:
    """Write everything below a folder."""
    make_folder_channel(target / "channel")
    make_private_channel(target / "served" / "channel")
    wheel(target / "served" / "simple" / "azureml-aks-private", _PRIVATE, "1.0")
    wheel(target / "later", _PRIVATE, "2.0")
    wheel(target / "project" / "dist", "own_wheel", "1.0")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    # Threads of py-rattler 0.28 may outlive the interpreter, which then aborts.
    os._exit(0)
