"""Loads the user's script and finds out how its `run` wants to be called."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType

from scoring_server.types import Array, Table
from scoring_server.worker.annotations import Annotated, get_args, get_origin


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
        # A function, or an object that is called like one.
        self.is_async = any(map(inspect.iscoroutinefunction, (run, type(run).__call__)))
        self.is_typed = any(_is_typed(value.annotation) for value in self.inputs.values())
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop of `init` and `run`, if they are asynchronous."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop

    def start(self) -> None:
        """Call `init`, and await it if it is asynchronous."""
        result = self.init()
        if inspect.isawaitable(result):
            self.loop.run_until_complete(_awaited(result))

    def check_filled(self, given: int) -> None:
        """Raise `InvalidScript` if nothing gives a value to a parameter after the first `given`."""
        for parameter in list(self.inputs.values())[given:]:
            if parameter.default is parameter.empty:
                raise InvalidScript(
                    f"run() has the parameter {parameter.name}, which no part of a request fills: "
                    "give it a default, or declare the types of all parameters"
                )


def load_script(app_root: str, entry_script: str) -> Script:
    """Import the script; raises `InvalidScript` or whatever the script raises."""
    path = Path(app_root, entry_script)
    if not path.is_file():
        raise InvalidScript(f"no scoring script at {path}")
    # The script imports its siblings, and opens files by paths relative to the source folder. As
    # on Azure ML, its folder comes last: a file of it named as one of Python's modules, which what
    # it imports may need, hides nothing.
    sys.path.append(str(path.parent))
    if str(path.parent) != app_root:
        sys.path.append(app_root)
    os.chdir(app_root)
    module = _import(path)
    for name in ("init", "run"):
        if not callable(getattr(module, name, None)):
            raise InvalidScript(f"{path} does not define {name}()")
    # Generated driver scripts only pass their arguments on to the script that they wrap.
    driven = getattr(module, "driver_module", None)
    run = driven.run if isinstance(driven, ModuleType) and hasattr(driven, "run") else module.run
    return Script(module.init, run)


async def _awaited(result: Awaitable[object]) -> object:
    return await result


def _is_typed(annotation: object) -> bool:
    """Whether an array or a table is declared: `Annotated[..., Array(...)]` or `Table(...)`.

    A type alone declares nothing: on Azure ML, `run(data: np.ndarray)` gets a string too.
    """
    if get_origin(annotation) is not Annotated:
        return False
    return any(isinstance(extra, (Array, Table)) for extra in get_args(annotation)[1:])


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
    parameters = _signature(run).parameters
    for parameter in parameters.values():
        if parameter.kind not in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            raise InvalidScript("run() cannot have positional-only, *args or **kwargs parameters")
    names = getattr(inspect.unwrap(run), "__globals__", {})
    return {name: _resolved(parameter, names) for name, parameter in parameters.items()}


def _signature(run: Callable[..., object]) -> inspect.Signature:
    if sys.version_info < (3, 14):
        return inspect.signature(run)
    # Since Python 3.14, looking at annotations evaluates them.
    from annotationlib import Format  # noqa: PLC0415

    return inspect.signature(run, annotation_format=Format.FORWARDREF)


def _resolved(parameter: inspect.Parameter, names: dict[str, object]) -> inspect.Parameter:
    """The parameter with the type that its annotation names, or without one if it names none.

    Names may exist for type checkers only (`if TYPE_CHECKING:`).
    """
    if not isinstance(parameter.annotation, str):
        return parameter
    try:
        annotation = eval(parameter.annotation, names)  # noqa: S307 - the script's own code
    except Exception:
        annotation = parameter.empty
    return parameter.replace(annotation=annotation)
