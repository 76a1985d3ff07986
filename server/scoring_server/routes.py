"""The paths of the scoring port."""

from typing import NamedTuple


class Route(NamedTuple):
    """What a path leads to."""

    kind: str
    """`score`, `v2` (scored as the Open Inference Protocol), `document` or `health`."""
    document: str = ""
    """Name of the ready-made answer, for a document."""


_SCORE = Route("score")
_V2 = Route("v2")
_OPENAPI = Route("document", "openapi")
_DEFAULT_MODEL = "model"
# An image holds one version of each model.
MODEL_VERSION = "1"
_SERVICE_PREFIX = "/api/v1/service/"
_SUFFIXES = {"/score": _SCORE, "/swagger.json": _OPENAPI}


class Routes:
    """The table of one service; without a name, every name is right."""

    def __init__(self, service: str) -> None:
        """Write down the paths."""
        model = f"/v2/models/{service or _DEFAULT_MODEL}"
        self._any_name = not service
        self._table = {
            "/score": _SCORE,
            "/swagger.json": _OPENAPI,
            "/docs": Route("document", "page"),
            "/v2": Route("document", "v2_server"),
            model: Route("document", "v2"),
            f"{model}/infer": _V2,
            f"{model}/ready": Route("health", "ready"),
            f"{model}/versions/{MODEL_VERSION}": Route("document", "v2"),
            f"{model}/versions/{MODEL_VERSION}/infer": _V2,
            f"{model}/versions/{MODEL_VERSION}/ready": Route("health", "ready"),
            "/v2/health/live": Route("health", "live"),
            "/v2/health/ready": Route("health", "ready"),
        }
        if service:
            for suffix, route in _SUFFIXES.items():
                self._table[f"{_SERVICE_PREFIX}{service}{suffix}"] = route

    def find(self, path: str) -> Route | None:
        """Where a path leads, if anywhere."""
        route = self._table.get(path)
        if route is None and self._any_name and path.startswith(_SERVICE_PREFIX):
            name, separator, rest = path.removeprefix(_SERVICE_PREFIX).partition("/")
            return _SUFFIXES.get(separator + rest) if name else None
        return route
