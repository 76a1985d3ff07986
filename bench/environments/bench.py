"""Times the making of an environment: packages of a folder, nothing cached, each way in turn.

The same packages are a channel for conda and wheels for pip: each in three versions, with modules
that are compiled when they are installed, and with requirements among them.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conda_channel import CondaChannel
from copy_interpreter import copy_interpreter

from conda_environment.channels import install_records, solve_packages
from conda_environment.channels import source as channel_source
from conda_environment.conda_file import read_conda_file
from conda_environment.pip_install import install_requirements

PACKAGES = 60
MODULES = 40
VERSIONS = ("1.0", "1.1", "2.0")
# Classes and functions as a usual module has them: two kilobytes.
MODULE = "".join(
    f"class C{n}:\n    def f(self, a, b=None):\n        return [a + i for i in b or ({n},)]\n\n\n"
    for n in range(24)
).encode()
OTHERS = ("micromamba", "mamba", "conda")


def requirements(number: int) -> list[str]:
    """Names of the packages that a package needs: up to three that come before it."""
    return [f"bench{n}" for n in sorted({number - 1, number // 2, number // 3}) if 0 <= n < number]


def files(number: int) -> dict[str, bytes]:
    """Files of a package, by their paths in site-packages."""
    names = ["__init__", *(f"m{n}" for n in range(MODULES - 1))]
    return {f"bench{number}/{name}.py": MODULE for name in names}


def add_interpreter(channel: CondaChannel, folder: Path) -> None:
    """Add this Python to a channel."""
    copy_interpreter(folder, shutil.which("patchelf") or "patchelf")
    # As channels have it.
    command = [str(folder / "bin" / "python3"), "-m", "compileall", "-q", str(folder / "lib")]
    subprocess.run(command, check=True)
    found = [file for file in folder.rglob("*") if file.is_file()]
    contents = {str(file.relative_to(folder)): file for file in found}
    contents["bin/python"] = contents["bin/python3"]
    channel.add("python", ".".join(map(str, sys.version_info[:3])), contents)


def make_channel(folder: Path) -> None:
    """Write all packages as those of a channel."""
    channel = CondaChannel(folder / "channel")
    add_interpreter(channel, folder / "interpreter")
    for number in range(PACKAGES):
        contents = {f"site-packages/{path}": data for path, data in files(number).items()}
        depends = ("python >=3.8", *(f"{name} >=1.1" for name in requirements(number)))
        for version in VERSIONS:
            channel.add(f"bench{number}", version, contents, depends, noarch_python=True)
    channel.index()


def make_wheels(folder: Path) -> None:
    """Write all packages as wheels."""
    folder.mkdir()
    for number in range(PACKAGES):
        for version in VERSIONS:
            name = f"bench{number}-{version}"
            info = f"{name}.dist-info"
            needs = "".join(f"Requires-Dist: {need} >=1.1\n" for need in requirements(number))
            metadata = f"Metadata-Version: 2.1\nName: bench{number}\nVersion: {version}\n{needs}"
            wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            described = {f"{info}/METADATA": metadata, f"{info}/WHEEL": wheel, f"{info}/RECORD": ""}
            path = folder / f"{name}-py3-none-any.whl"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for file, data in {**files(number), **described}.items():
                    archive.writestr(file, data)


def by_conda_library(folder: Path, prefix: Path) -> None:
    """As the build of an image does it where a channel has the packages."""
    names = ", ".join(["python", *(f"bench{number}" for number in range(PACKAGES))])
    file = read_conda_file(f"dependencies: [{names}]")
    cache = prefix.with_name("cache")
    records = solve_packages(file.specs, [channel_source("./channel", folder)], cache)
    install_records(records, prefix, cache)


def by_pip(folder: Path, prefix: Path) -> None:
    """As the build of an image does it where pip has them."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(prefix)], check=True)
    lines = ["--no-index", "-f wheels", *(f"bench{number}" for number in range(PACKAGES))]
    install_requirements(lines, prefix / "bin" / "python", folder, keep_replaced=True)


def by_command(command: str) -> Callable[[Path, Path], None]:
    """As another installer of conda packages does it."""

    def create(folder: Path, prefix: Path) -> None:
        channel = ["--override-channels", "--channel", (folder / "channel").as_uri()]
        names = ["python", *(f"bench{number}" for number in range(PACKAGES))]
        subprocess.run(
            [command, "create", "--yes", "--prefix", str(prefix), *channel, *names],
            check=True,
            stdout=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "CONDA_PKGS_DIRS": str(prefix.with_name("cache"))},
        )

    return create


@dataclass(frozen=True)
class Cost:
    """What one environment takes, in seconds."""

    time: float
    processor: float


def processor_time() -> float:
    """Of this process and of those that it has run, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def cost(make: Callable[[Path, Path], None], folder: Path) -> Cost:
    """Of one environment, which must be able to import the last of the packages."""
    with tempfile.TemporaryDirectory(dir=folder) as target:
        prefix = Path(target, "prefix")
        start, used = time.monotonic(), processor_time()
        make(folder, prefix)
        took = Cost(time.monotonic() - start, processor_time() - used)
        if not list(prefix.rglob("bench0/__pycache__/*.pyc")):
            raise RuntimeError("modules are not compiled, as they are by the other ways")
        last = f"import bench0, bench{PACKAGES - 1}"
        subprocess.run([str(prefix / "bin" / "python"), "-c", last], check=True)
    return took


def one_round(ways: dict[str, Callable[[Path, Path], None]], folder: Path) -> dict[str, Cost]:
    """Costs of all ways in turn, since machines drift."""
    return {name: cost(make, folder) for name, make in ways.items()}


def column(rounds: list[dict[str, Cost]], name: str, key: str) -> str:
    """Median of one way's costs, with ratios to those of the first way."""
    taken = [getattr(costs[name], key) for costs in rounds]
    first = [getattr(next(iter(costs.values())), key) for costs in rounds]
    ratios = sorted(one / other for one, other in zip(taken, first, strict=True))
    spread = f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
    return f"{key:>12}{statistics.median(taken):6.1f} s  x {statistics.median(ratios):.2f} {spread}"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    rounds = parser.parse_args().rounds
    ways = {"conda's library": by_conda_library, "pip": by_pip}
    ways |= {name: by_command(path) for name in OTHERS if (path := shutil.which(name))}
    with tempfile.TemporaryDirectory() as target:
        folder = Path(target)
        make_channel(folder)
        make_wheels(folder / "wheels")
        times = [{name: cost(make, folder) for name, make in ways.items()} for _ in range(rounds)]
    print(f"{PACKAGES} packages of {MODULES} modules, {rounds} rounds: medians, and ratios to the")
    print("first of the same round (smallest to largest); processor time bears other work best")
    for name in ways:
        print(f"{name:18}{column(times, name, 'time')}{column(times, name, 'processor')}")
    for name in OTHERS:
        if name not in ways:
            print(f"{name:18}not on PATH")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    # Threads of py-rattler 0.28 may outlive the interpreter, which then aborts.
    os._exit(0)
