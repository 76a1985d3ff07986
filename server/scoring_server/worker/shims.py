"""Finds stand-ins for modules of Azure ML that the script's environment does not have.

The packages of Azure ML share the package `azureml`, which several of them close to any folder but
their own (its `__init__` does not extend its path). So the stand-ins are not a folder on the path:
a finder behind all others is asked only for what none of them has, module by module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

_FOLDER = Path(__file__).parents[1] / "shims"
# Packages whose parts come from several distributions. Everything below belongs to one of them,
# so that a real package is never mixed with a stand-in.
_SHARED = ("", "azureml", "azureml.contrib", "azureml.ai")
_COLLECTORS = "azureml.ai.monitoring"
_COLLECTING = "AZUREML_MDC_ENABLED"
_TOP = ("azureml", "azureml_inference_server_http")


class ShimFinder:
    """The last finder of `sys.meta_path`."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The stand-in of a module, if there is one (called by the import system)."""
        del path, target
        parent, _, _ = name.rpartition(".")
        if parent not in _SHARED or name.partition(".")[0] not in _TOP:
            return None
        return _stand_in(name)


class CollectorFinder:
    """The first finder of `sys.meta_path`, for the collectors of data alone.

    The real ones refuse to be made where no endpoint of Azure ML collects data.
    """

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The stand-in of `azureml.ai.monitoring` and its parts (called by the import system)."""
        del path, target
        return _stand_in(name) if f"{name}.".startswith(f"{_COLLECTORS}.") else None


def _stand_in(name: str) -> ModuleSpec | None:
    """How to load a stand-in; `None` if there is none."""
    place = _FOLDER.joinpath(*name.split("."))
    package, module = place / "__init__.py", place.with_suffix(".py")
    if package.is_file():
        return spec_from_file_location(name, package, submodule_search_locations=[str(place)])
    return spec_from_file_location(name, module) if module.is_file() else None


def install_shims() -> None:
    """Offer the stand-ins from now on."""
    if os.environ.get(_COLLECTING, "").lower() != "true":
        sys.meta_path.insert(0, CollectorFinder)
    sys.meta_path.append(ShimFinder)
