"""Loads the user's script and finds out how its `run` wants to be called."""

import importlib.util
import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Annotated, get_args, get_origin

from scoring_server.types import Array, Table


class InvalidScript(Exception):
    """The script does not fulfil the contract of `init()` and `run()`."""


class Script:
    """The user's `init` and `run`."""

    def __init__(self, init: Callable[[], object], run: Callable[..., object]) -> None:
        """Look at the signature; raises `InvalidScript` if `run` cannot be called with data."""
        self.init = init
        self.run = run
        parameters = _parameters(run)
        self.wants_headers = "request_headers" in parameters
        self.inputs = {
            name: value for name, value in parameters.items() if name != "request_headers"
        }
        if not self.inputs:
            raise InvalidScript("run() needs a parameter for the input data")
        self.is_async = inspect.iscoroutinefunction(run)
        self.is_typed = any(_is_typed(value.annotation) for value in self.inputs.values())


def load_script(app_root: str, entry_script: str) -> Script:
    """Import the script; raises `InvalidScript` or whatever the script raises."""
    path = Path(app_root, entry_script)
    if not path.is_file():
        raise InvalidScript(f"no scoring script at {path}")
    # The script imports its siblings, and opens files by paths relative to the source folder.
    sys.path.insert(0, str(path.parent))
    if str(path.parent) != app_root:
        sys.path.insert(1, app_root)
    os.chdir(app_root)
    module = _import(path)
    for name in ("init", "run"):
        if not callable(getattr(module, name, None)):
            raise InvalidScript(f"{path} does not define {name}()")
    # Generated driver scripts only pass their arguments on to the script that they wrap.
    driven = getattr(module, "driver_module", None)
    run = driven.run if isinstance(driven, ModuleType) and hasattr(driven, "run") else module.run
    return Script(module.init, run)


def _is_typed(annotation: object) -> bool:
    """Whether an array or a table is declared.

    The libraries are compared by name, so that a script which needs neither imports neither.
    """
    plain, *extras = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    if any(isinstance(extra, Array | Table) for extra in extras):
        return True
    library = getattr(plain, "__module__", "").partition(".")[0]
    return (library, getattr(plain, "__name__", "")) in (
        ("numpy", "ndarray"),
        ("pandas", "DataFrame"),
    )


def _import(path: Path) -> ModuleType:
    name = path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InvalidScript(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _parameters(run: Callable[..., object]) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(run, eval_str=True).parameters
    for parameter in parameters.values():
        if parameter.kind not in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            raise InvalidScript("run() cannot have positional-only, *args or **kwargs parameters")
    return dict(parameters)
