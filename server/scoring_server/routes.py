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
_DEFAULT_MODEL = "model"
_SCORE_PREFIX = "/api/v1/service/"
_SCORE_SUFFIX = "/score"


class Routes:
    """The table of one service; without a name, every name is right."""

    def __init__(self, service: str) -> None:
        """Write down the paths."""
        model = f"/v2/models/{service or _DEFAULT_MODEL}"
        self._any_name = not service
        self._table = {
            "/score": _SCORE,
            "/swagger.json": Route("document", "openapi"),
            "/docs": Route("document", "page"),
            "/v2": Route("document", "v2_server"),
            model: Route("document", "v2"),
            f"{model}/infer": _V2,
            f"{model}/ready": Route("health", "ready"),
            "/v2/health/live": Route("health", "live"),
            "/v2/health/ready": Route("health", "ready"),
        }
        if service:
            self._table[f"{_SCORE_PREFIX}{service}{_SCORE_SUFFIX}"] = _SCORE

    def find(self, path: str) -> Route | None:
        """Where a path leads, if anywhere."""
        route = self._table.get(path)
        if route is None and self._any_name and path.startswith(_SCORE_PREFIX):
            name = path.removeprefix(_SCORE_PREFIX).removesuffix(_SCORE_SUFFIX)
            if name and "/" not in name and path.endswith(_SCORE_SUFFIX):
                return _SCORE
        return route
