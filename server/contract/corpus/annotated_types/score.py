import json
from typing import Dict, List, Union

import numpy as np
import pandas as pd


def init() -> None:
    """Load nothing."""


def run(data: Union[pd.DataFrame, np.ndarray, str]) -> Dict[str, List[float]]:
    """Return what came and its type."""
    return {"type": type(data).__name__, "data": json.loads(data)["data"]}
