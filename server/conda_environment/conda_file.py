"""Reads a conda environment file; `rattler.MatchSpec` reads its packages, as conda does."""

import re
from dataclasses import dataclass

import yaml
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

from conda_environment.fault import EnvironmentFault


@dataclass(frozen=True)
class Spec:
    """A conda package that the file asks for."""

    text: str
    """As written, for messages."""
    name: str
    version: str
    """In conda's canonical form, such as `1.26.*` or `>=1,<2`; empty for any."""
    match: MatchSpec


@dataclass(frozen=True)
class CondaFile:
    """What the image needs to know of a conda file."""

    channels: tuple[str, ...]
    specs: tuple[Spec, ...]
    pip: tuple[str, ...]
    """Lines of a requirements file."""


def read_conda_file(text: str) -> CondaFile:
    """Parse the text of a file; raises `EnvironmentFault`."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise EnvironmentFault(
            f"the conda file is not YAML: {' '.join(str(error).split())}"
        ) from None
    if not isinstance(document, dict) or "dependencies" not in document:
        raise EnvironmentFault("the conda file has no `dependencies`")
    dependencies = document["dependencies"]
    if not isinstance(dependencies, list) or not dependencies:
        raise EnvironmentFault(
            "the conda file has `dependencies` that are not a list, or an empty one"
        )
    specs: list[Spec] = []
    pip: list[str] = []
    for dependency in dependencies:
        if isinstance(dependency, dict) and set(dependency) == {"pip"}:
            pip += _pip_section(dependency["pip"])
        else:
            specs.append(_spec(dependency))
    return CondaFile(_channels(document.get("channels")), tuple(specs), tuple(pip))


def read_spec(text: str) -> Spec:
    """Parse one package; raises `EnvironmentFault`."""
    try:
        match = MatchSpec(text)
    except InvalidMatchSpecError:
        match = None
    # The grammar takes whatever follows the version for a build string.
    if match is None or match.name is None or " " in str(match.build or ""):
        raise EnvironmentFault(
            f'the conda file has the dependency "{text}", which conda cannot read'
        )
    version = "" if match.version is None else str(match.version)
    return Spec(text, match.name.normalized, "" if version == "*" else version, match)


def _spec(dependency: object) -> Spec:
    if isinstance(dependency, str):
        return read_spec(dependency)
    if isinstance(dependency, dict):
        raise EnvironmentFault(
            f'the conda file has "{_written(dependency)}" among its dependencies, '
            "which is a mapping"
        )
    raise EnvironmentFault(
        f"the conda file has a dependency that is not a string: {_written(dependency)}"
    )


def _pip_section(section: object) -> list[str]:
    if section is None:
        return []
    if not isinstance(section, list):
        raise EnvironmentFault("the conda file has a `pip` section that is not a list")
    for line in section:
        if not isinstance(line, str):
            raise EnvironmentFault(
                f'the conda file has "{_written(line)}" in its `pip` section, which is not a string'
            )
    # As in a requirements file, what follows a number sign is a comment.
    lines = [re.sub(r"(^|\s)#.*$", "", line).strip() for line in section]
    return [line for line in lines if line]


def _channels(channels: object) -> tuple[str, ...]:
    if channels is None:
        return ()
    if not isinstance(channels, list) or not all(isinstance(item, str) for item in channels):
        raise EnvironmentFault("the conda file has `channels` that are not a list of strings")
    return tuple(channel for channel in channels if channel != "nodefaults")


def _written(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return str(value)
