"""Imports the server part of aiohttp without its client: 5.3 of 161 MB less per replica (3 %).

Importing any part of a package runs the package's `__init__` first, and that of aiohttp imports
everything. Here the package is put into `sys.modules` with no more than its folder; its `__init__`
runs when somebody (an observer, for example) uses what only that defines. `importlib`'s own
`LazyLoader` does not help: it loads the package as soon as a part of it is imported.

What it relies on: `test_aiohttps_server_part_is_imported_without_its_client`. It can go when
`test_aiohttps_own_import_of_its_server_part_loads_its_client` fails, or with the lazy imports of
Python 3.15 (PEP 810).
"""

import sys
from importlib.util import find_spec, module_from_spec


def postpone(name: str) -> None:
    """Have the `__init__` of a package run when an attribute is asked for, not before its parts."""
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

    # Parts of aiohttp read it for a header that is replaced here.
    package.__version__ = ""
    package.__getattr__ = load
    sys.modules[name] = package


if "aiohttp" not in sys.modules:
    postpone("aiohttp")
