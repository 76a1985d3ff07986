"""Lets the server part of aiohttp be imported without its client: 7 MB less in each replica.

Importing any part of a package runs the package's `__init__` first, and that of aiohttp imports
everything. Here the package is there from the start with no more than its folder; its `__init__`
runs when somebody, an observer for example, asks for what only that defines.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType

# Functions that the server part takes from large modules and does not call.
_UNCALLED = {"html": ("escape",), "urllib.request": ("getproxies", "proxy_bypass")}


def _postpone(name: str) -> None:
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named '{name}'", name=name)
    package = module_from_spec(spec)
    loader = spec.loader

    def load(attribute: str) -> object:
        # What is asked for first in "from aiohttp import PART" is imported, not an attribute.
        if attribute.startswith("__") or find_spec(f"{name}.{attribute}") is not None:
            raise AttributeError(attribute)
        del package.__getattr__
        loader.exec_module(package)
        return getattr(package, attribute)

    # Only the name of the software in a header that is replaced.
    package.__version__ = ""
    package.__getattr__ = load
    sys.modules[name] = package


def _postponed(module: str, name: str) -> Callable:
    def call(*arguments: object, **options: object) -> object:
        return getattr(import_module(module), name)(*arguments, **options)

    return call


def _import_with_postponed(module: str, functions: dict[str, tuple[str, ...]]) -> None:
    absent = [name for name in functions if name not in sys.modules]
    for name in absent:
        stand_in = sys.modules[name] = ModuleType(name)
        for function in functions[name]:
            setattr(stand_in, function, _postponed(name, function))
    import_module(module)
    for name in absent:
        del sys.modules[name]


if "aiohttp" not in sys.modules:
    _postpone("aiohttp")
    _import_with_postponed("aiohttp.web_server", _UNCALLED)
