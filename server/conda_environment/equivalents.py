"""What conda's packages are called on PyPI and in Debian, by a kept map."""

import json
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from conda_environment.conda_file import Spec
from conda_environment.fault import EnvironmentFault

_DATA = json.loads(Path(__file__).with_name("equivalents.json").read_text())
# The image's own server takes the place of these.
REPLACED = frozenset(_DATA["replaced"])
# Packages of the Python Packaging Authority, the same on every channel and on PyPI.
INSTALLERS = frozenset(_DATA["installers"])


def needs_channel(spec: Spec) -> bool:
    """Whether only a channel has the package."""
    return spec.name != "python" and spec.name not in REPLACED | INSTALLERS


def debian_package(spec: Spec) -> str | None:
    """The Debian package in place of one of conda; `None` where there is none."""
    package: str | None = _DATA["debian"].get(spec.name)
    if package is not None and spec.version:
        raise EnvironmentFault(
            f'the conda file asks for "{spec.text}", whose version Debian decides here'
        )
    return package


def requirement(spec: Spec) -> str | None:
    """The requirement for pip; `None` where nothing is to be installed by pip."""
    if spec.name == "python" or spec.name in _DATA["nothing"] or debian_package(spec):
        return None
    name = spec.name if spec.name in REPLACED | INSTALLERS else _DATA["pypi"].get(spec.name)
    if name is None:
        raise EnvironmentFault(
            f'the conda file asks for "{spec.text}", of which no equivalent on PyPI is known'
        )
    return f"{name}{_specifier(spec)}"


def _specifier(spec: Spec) -> str:
    clauses = [] if spec.version == "" else spec.version.split(",")
    loose = spec.name in _DATA["looseVersions"]
    text = ",".join(_clause(clause, loose) for clause in clauses if clause != "*")
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        raise EnvironmentFault(
            f'the conda file asks for "{spec.text}", a version that pip cannot express'
        ) from None
    return text


def _clause(clause: str, loose: bool) -> str:
    """A clause of conda as one of pip: `1.26.*` is `==1.26.*`."""
    if clause.startswith("=="):
        # On PyPI these have one more number in their versions.
        return f"{clause}.*" if loose else clause
    return clause if clause.startswith((">", "<", "!", "~")) else f"=={clause}"
