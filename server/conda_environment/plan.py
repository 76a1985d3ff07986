"""Decides how the packages of a conda file are installed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from conda_environment.conda_file import CondaFile, Spec
from conda_environment.equivalents import REPLACED, debian_package, needs_channel, requirement
from conda_environment.python_version import choose_python

# Where the file names no channel.
DEFAULT_CHANNELS = ("conda-forge",)
# conda's name for the channels of its maker, which are called so where all other channels are.
_DEFAULTS = ("main", "r")


@dataclass(frozen=True)
class Plan:
    """What is installed, and from where."""

    python: str
    """Minor version of the base image's Python; empty where a channel brings Python."""
    requirements: tuple[str, ...]
    """Lines of a requirements file for pip."""
    debian: tuple[str, ...]
    channels: tuple[str, ...]
    specs: tuple[Spec, ...]
    """Packages from the channels; empty where pip alone installs."""


def make_plan(
    file: CondaFile, packages: str, imported: Iterable[str] = (), base_python: str = ""
) -> Plan:
    """Plan a file; raises `EnvironmentFault`.

    `packages` is `channels`, or `pypi` for conda packages by the map; `imported` is what the code
    needs of azureml-defaults, see `imports.py`; `base_python` is the base image's minor version.
    """
    needs = set(imported)
    # The code says what it needs of azureml-defaults, however it is listed.
    wanted = [spec for spec in file.specs if spec.name not in REPLACED or "azureml" in needs]
    pip = [line for line in file.pip if "azureml" in needs or not is_replaced(line)]
    pip += [] if "azureml" in needs else sorted(needs)
    from_channel = packages == "channels" and any(map(needs_channel, wanted))
    python = choose_python(file.specs, "" if from_channel else base_python)
    if from_channel:
        listed = [requirement(spec) for spec in wanted if spec.name in REPLACED]
        specs = [spec for spec in wanted if spec.name not in REPLACED]
        channels = _expanded(file.channels or DEFAULT_CHANNELS)
        return Plan("", (*filter(None, listed), *pip), (), channels, tuple(specs))
    translated = [line for line in map(_by_pip, wanted) if line]
    debian = [package for package in map(debian_package, wanted) if package]
    return Plan(python, (*translated, *pip), tuple(debian), (), ())


def is_replaced(line: str) -> bool:
    """Whether a line of a requirements file names what the image's own server replaces."""
    try:
        # Hashes of a locked requirement follow it.
        return canonicalize_name(Requirement(re.split(r"\s--", line)[0]).name) in REPLACED
    except InvalidRequirement:
        # An option of pip, such as --extra-index-url, a path or a URL.
        return False


def _by_pip(spec: Spec) -> str | None:
    # The image's pip installs; another one in the environment would serve nobody.
    return None if spec.name == "pip" else requirement(spec)


def _expanded(channels: Iterable[str]) -> tuple[str, ...]:
    names = [_DEFAULTS if channel == "defaults" else (channel,) for channel in channels]
    return tuple(name for group in names for name in group)
