"""Which Python a conda file gets."""

from collections.abc import Iterable

from rattler import Version, VersionSpec

from conda_environment.conda_file import Spec
from conda_environment.fault import EnvironmentFault

# Minor versions on which the worker runs, newest first: `x-pythons` of the preview.
SUPPORTED = ("3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8")
# What a file gets that does not say.
DEFAULT = "3.11"
# No minor version of Python 3 has had more patch releases than 23.
_PATCHES = range(40)


def choose_python(specs: Iterable[Spec], base: str = "") -> str:
    """The newest supported minor version of which some patch release satisfies all `specs`.

    `base` is the minor version that a base image has; it must be the one then. Raises
    `EnvironmentFault` where none is left.
    """
    asked = [spec for spec in specs if spec.name == "python"]
    constraints = [spec for spec in asked if spec.version]
    if not constraints and base in ("", *SUPPORTED):
        return base or DEFAULT
    for minor in SUPPORTED:
        if base in ("", minor) and satisfies(minor, constraints):
            return minor
    texts = " and ".join(f'"{spec.text}"' for spec in constraints) or "any Python"
    if base in SUPPORTED:
        raise EnvironmentFault(f"the conda file asks for {texts}; the base image has Python {base}")
    raise EnvironmentFault(
        f"the conda file asks for {texts}; Python {SUPPORTED[-1]} to {SUPPORTED[0]} can be served"
    )


def satisfies(minor: str, specs: Iterable[Spec]) -> bool:
    """Whether some patch release of a minor version satisfies all `specs`."""
    parsed = [VersionSpec(spec.version) for spec in specs if spec.version]
    return any(
        all(spec.matches(Version(f"{minor}.{patch}")) for spec in parsed) for patch in _PATCHES
    )
