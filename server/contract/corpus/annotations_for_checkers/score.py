from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def init() -> None:
    pass


def run(raw_data: str) -> pd.DataFrame:
    data: dict[str, Any] = json.loads(raw_data)
    return data
