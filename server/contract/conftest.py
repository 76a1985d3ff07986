"""The outcomes of the scripts whose tests were chosen."""

from collections.abc import Iterator

import pytest
from outcomes import Outcomes
from scripts import Script


@pytest.fixture(scope="session")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outcomes]:
    """Start the scripts of all chosen tests at once, each once."""
    scripts: dict[str, Script] = {}
    for item in request.session.items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        for script in parameters.get("scripts", [parameters.get("script")]):
            if script is not None:
                scripts.setdefault(script.name, script)
    made = Outcomes(scripts.values(), tmp_path_factory.mktemp("corpus"))
    yield made
    made.close()
