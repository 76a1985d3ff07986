"""The steps of the image's build that make the script's environment.

Options of the service come as variables, which are the build's arguments: `PACKAGES`,
`CONDA_CHANNELS` (JSON list), `SYSTEM_PACKAGES` (names with spaces between), `CREDENTIALS` (JSON
object).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from conda_environment.channels import install_records, solve_packages, source
from conda_environment.conda_file import read_conda_file
from conda_environment.credentials import netrc
from conda_environment.fault import EnvironmentFault
from conda_environment.imports import imports_azureml
from conda_environment.libraries import debian_package_of, missing_libraries
from conda_environment.lock import read_lock, write_lock
from conda_environment.pip_install import (
    REPORT,
    install_locked,
    install_requirements,
    options_of,
    pip,
)
from conda_environment.plan import Plan, make_plan

_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
_PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"


def install(folder: Path, prefix: Path, base_python: Path, imported: set[str]) -> Plan:
    """Install the conda file of `folder` into `prefix`; raises `EnvironmentFault`."""
    file = read_conda_file((folder / "myenv.yml").read_text(encoding="utf-8"))
    channels = json.loads(os.environ.get("CONDA_CHANNELS") or "[]")
    if channels:
        file = replace(file, channels=tuple(channels))
    packages = os.environ.get("PACKAGES", "channels")
    plan = make_plan(file, packages, imported, _ask(base_python, _VERSION))
    with (
        netrc(os.environ.get("CREDENTIALS", ""), Path.home()),
        tempfile.TemporaryDirectory() as cache,
    ):
        lock = read_lock(folder / "myenv.lock")
        sources = [source(channel, folder) for channel in plan.channels]
        records = list(lock.records) if lock else []
        if plan.specs:
            records = records or solve_packages(plan.specs, sources, Path(cache))
            install_records(records, prefix, Path(cache))
        else:
            _run([str(base_python), "-m", "venv", "--without-pip", str(prefix)])
        python, files = prefix / "bin" / "python", pip_folder(folder)
        if lock:
            options = options_of(plan.requirements, files)
            install_locked(lock.requirements, options, python, files)
        else:
            install_requirements(plan.requirements, python, files, "azureml" in imported)
    addresses = [channel.base_url for channel in sources]
    write_lock(folder / "installed.lock", records, addresses, files / REPORT)
    return plan


def pip_folder(folder: Path) -> Path:
    """Where pip runs: the place of the conda file among the files that it names.

    Each `_` stands for a folder above it, which a path with `..` leads to.
    """
    files = folder / "files"
    files.mkdir(exist_ok=True)
    while (files / "_").is_dir():
        files /= "_"
    return files


def install_worker(python: Path, requirements: Path, target: Path, server: Path) -> None:
    """Put what the server's worker needs where the environment finds it after its own packages."""
    options = ["--no-cache-dir", "--no-compile", "--root-user-action=ignore"]
    _run([*pip(python), "install", *options, "--target", str(target), "-r", str(requirements)])
    (target / "scoring_server").symlink_to(server)
    site_packages = Path(_ask(python, _PURELIB))
    (site_packages / "zz_scoring_server.pth").write_text(f"{target}\n")


def debian_packages(plan: Plan, prefix: Path) -> list[str]:
    """Debian packages to install: asked for, or bringing a library that is missing."""
    asked = [*plan.debian, *os.environ.get("SYSTEM_PACKAGES", "").split()]
    found = [debian_package_of(library) for library in missing_libraries(prefix)]
    return sorted({*asked, *filter(None, found)})


def _ask(python: Path, question: str) -> str:
    command = [str(python), "-c", question]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return answer.stdout.strip()


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True)  # noqa: S603


def main() -> int:
    """Run one of the steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    detect = steps.add_parser("detect", help="print what the code needs of azureml-defaults")
    detect.add_argument("code", type=Path)
    step = steps.add_parser("install", help="install the conda file")
    for name in ("folder", "prefix", "base-python", "detected", "worker", "server", "debian"):
        step.add_argument(f"--{name}", type=Path, required=True)
    step.add_argument("--worker-requirements", type=Path, required=True)
    options = parser.parse_args()
    if options.step == "detect":
        sys.stdout.write("\n".join(sorted(imports_azureml(options.code))))
        return 0
    try:
        imported = set(options.detected.read_text().split())
        plan = install(options.folder, options.prefix, options.base_python, imported)
    except EnvironmentFault as fault:
        sys.stderr.write(f"environment: {fault}\n")
        return 1
    python = options.prefix / "bin" / "python"
    install_worker(python, options.worker_requirements, options.worker, options.server)
    options.debian.write_text("\n".join(debian_packages(plan, options.prefix)))
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of py-rattler 0.28 may still hold Python objects: an interpreter that ends beside them
    # aborts now and then, although everything is installed.
    os._exit(status)
