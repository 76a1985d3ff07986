"""Lets the server part of aiohttp be imported without its client: 6 MB less in each replica.

Importing any part of a package runs the package's `__init__` first, and that of aiohttp imports
everything. Here the package is there from the start with no more than its folder; its `__init__`
runs when somebody, an observer for example, asks for what only that defines.
"""

import sys
from importlib.util import find_spec, module_from_spec


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


if "aiohttp" not in sys.modules:
    _postpone("aiohttp")
