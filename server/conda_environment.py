"""Installs a conda environment file with pip, while an image is built.

Packages of the `pip` section are passed on as they are. A conda package becomes the PyPI package
of the same name, but for the few in `ALIASES`, and conda's pins become pip's: `=1.2` and `=1.2.*`
mean any 1.2.x, `==1.2` means exactly that. A package that PyPI does not have stops the build.
"""

import argparse
import ast
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

# conda's name -> PyPI's name, where they differ.
ALIASES = {
    "dask-core": "dask",
    "matplotlib-base": "matplotlib",
    "msgpack-python": "msgpack",
    "numpy-base": "numpy",
    "opencv": "opencv-python-headless",
    "py-opencv": "opencv-python-headless",
    "py-xgboost": "xgboost",
    "pytables": "tables",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "tensorflow-mkl": "tensorflow",
}
# The image's own server takes the place of these.
REPLACED = {"azureml-defaults", "azureml-inference-server-http"}
# Parts of conda or of the base image.
PROVIDED = {"pip", "wheel"}
# Modules that the image's server brings along, if this package is there.
SHIMMED = ("azureml.contrib.services", "azureml_inference_server_http.api")
SHIMS_NEED = "Werkzeug"
# A package that azureml-defaults used to bring.
SCHEMAS = ("inference_schema", "inference-schema")

_CONDA = re.compile(
    r"(?:(?P<channel>[\w./:-]+)::)?(?P<name>[\w.-]+)\s*(?P<version>[^\s\[]*(?:\s*,\s*[^\s\[]+)*)"
    r"(?:\s+(?P<build>[\w.*]+))?$"
)


class EnvironmentFault(Exception):
    """The file asks for something that this image cannot have; the message is one line."""


def requirements(document: object, python: str, imported: set[str]) -> Iterator[str]:
    """Lines of a pip requirements file; `python` is the version of the base image."""
    if not isinstance(document, dict) or not isinstance(document.get("dependencies"), list):
        raise EnvironmentFault("the conda file has no list of `dependencies`")
    for dependency in document["dependencies"]:
        if isinstance(dependency, str):
            line = conda_requirement(dependency, python)
            if line is not None:
                yield line
        elif isinstance(dependency, dict) and set(dependency) == {"pip"}:
            yield from _pip_section(dependency["pip"] or [], imported)
        else:
            raise EnvironmentFault(f"the conda file has a dependency of unknown form: {dependency}")
    if "azureml" not in imported:
        yield from sorted(imported)


def conda_requirement(dependency: str, python: str) -> str | None:
    """The pip requirement for one conda dependency, or `None` if nothing is to be installed."""
    match = _CONDA.match(dependency.strip())
    if match is None:
        raise EnvironmentFault(f"invalid conda dependency: {dependency}")
    name = match["name"].lower()
    specifier = _specifier(match["version"].replace(" ", ""), dependency)
    if name == "python":
        _check_python(specifier, dependency, python)
        return None
    if name in PROVIDED:
        return None
    return f"{ALIASES.get(name, name)}{specifier}"


def imports_azureml(code: Path) -> set[str]:
    """What the scripts of the folder need of that which azureml-defaults brought.

    `azureml` stands for azureml-defaults itself, other members are names of packages.
    """
    return {need for file in sorted(code.rglob("*.py")) for need in _needs(file)}


def _specifier(version: str, dependency: str) -> SpecifierSet:
    if "|" in version:
        raise EnvironmentFault(
            f"pip does not support alternatives (`|`) in a version: {dependency}"
        )
    parts = [_clause(part) for part in version.split(",") if part]
    try:
        return SpecifierSet(",".join(parts))
    except InvalidSpecifier:
        raise EnvironmentFault(f"invalid version in the conda dependency: {dependency}") from None


def _clause(part: str) -> str:
    if part.startswith((">", "<", "!", "~")):
        return part
    if part.startswith("=="):
        # `==1.2=build`: the build string means nothing to pip.
        return f"=={part[2:].partition('=')[0]}"
    version = part.removeprefix("=").partition("=")[0]
    if version == "*":
        return ""
    return f"=={version.removesuffix('*').removesuffix('.')}.*"


def _check_python(wanted: SpecifierSet, dependency: str, python: str) -> None:
    minor = ".".join(python.split(".")[:2])
    for clause in wanted:
        version = clause.version.removesuffix(".*")
        if clause.operator == "==":
            # A pin names a patch release that a base image rarely has: the minor one must agree.
            agrees = ".".join(version.split(".")[:2]) in (minor, minor.split(".")[0])
        else:
            agrees = clause.contains(python)
        if not agrees:
            raise EnvironmentFault(
                f"the conda file asks for {dependency}, the base image has Python {python}: "
                f"change one of them"
            )


def _pip_section(lines: list[str], imported: set[str]) -> Iterator[str]:
    for line in lines:
        try:
            name = canonicalize_name(Requirement(line).name)
        except InvalidRequirement:
            # An option of pip, such as --extra-index-url, or a URL.
            name = ""
        if name in REPLACED and "azureml" not in imported:
            _say(f"{name} is not installed: the image has its own server")
        else:
            yield line


def _needs(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError:
        # The script fails when it is loaded, with a better message than this one.
        return
    for node in ast.walk(tree):
        for name in _imported(node):
            if name.startswith(SHIMMED):
                yield SHIMS_NEED
            elif name.partition(".")[0] == "azureml":
                yield "azureml"
            elif name.partition(".")[0] == SCHEMAS[0]:
                yield SCHEMAS[1]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def install(conda_file: Path, target_python: Path, imported: set[str]) -> None:
    """Install the file's packages into the environment of `target_python`."""
    python = ".".join(map(str, sys.version_info[:3]))
    try:
        document = yaml.safe_load(conda_file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise EnvironmentFault(
            f"the conda file is not valid YAML: {_one_line(str(error))}"
        ) from None
    lines = list(requirements(document, python, imported))
    if not lines:
        return
    listing = Path("requirements.txt")
    listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(target_python), "install"]
    options = ["--no-cache-dir", "--no-input", "--disable-pip-version-check"]
    process = subprocess.run(  # noqa: S603
        [*command, *options, "--root-user-action=ignore", "-r", str(listing)],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if process.returncode:
        sys.stderr.write(process.stderr)
        raise EnvironmentFault(pip_fault(process.stderr, python))


def pip_fault(errors: str, python: str) -> str:
    """The one line of pip's errors that says what is wrong."""
    missing = re.search(r"No matching distribution found for (\S+)", errors)
    if missing:
        return f"the conda file asks for {missing[1]}, which PyPI does not have for Python {python}"
    found = [line for line in errors.splitlines() if line.startswith("ERROR: ")]
    return f"pip failed: {found[-1].removeprefix('ERROR: ') if found else 'see above'}"


def append_to_path(target_python: Path, server_packages: Path) -> None:
    """Let the environment import the server's packages after its own, so that its own win."""
    site_packages = sysconfig.get_path(
        "purelib", "venv", {"base": str(target_python.parent.parent)}
    )
    Path(site_packages, "zz_scoring_server.pth").write_text(f"{server_packages}\n")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _say(message: str) -> None:
    sys.stdout.write(f"environment: {message}\n")
    sys.stdout.flush()


def main() -> int:
    """Run one of the two steps of the image's build."""
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    detect = steps.add_parser("detect", help="print what the code needs of azureml-defaults")
    detect.add_argument("code", type=Path)
    install_step = steps.add_parser("install", help="install the conda file")
    install_step.add_argument("conda_file", type=Path)
    install_step.add_argument("--python", type=Path, required=True)
    install_step.add_argument("--server-packages", type=Path, required=True)
    install_step.add_argument("--detected", type=Path, required=True)
    options = parser.parse_args()
    if options.step == "detect":
        sys.stdout.write("\n".join(sorted(imports_azureml(options.code))))
        return 0
    try:
        install(options.conda_file, options.python, set(options.detected.read_text().split()))
    except EnvironmentFault as fault:
        sys.stderr.write(f"environment: {fault}\n")
        return 1
    append_to_path(options.python, options.server_packages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
