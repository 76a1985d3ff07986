"""What a script writes in the signature of `run` to have its input parsed and checked.

from typing import Annotated
import numpy as np
from scoring_server.types import Array

def run(data: Annotated[np.ndarray, Array(shape=(None, 10), sample=[[0.0] * 10])]):
    return model.predict(data)
"""

from typing import Any, Dict, Optional, Tuple

import msgspec


class Array(msgspec.Struct, frozen=True, kw_only=True):
    """A `numpy.ndarray`, sent as nested JSON lists."""

    dtype: str = "float64"
    """NumPy's name of the type of the elements."""
    shape: Tuple[Optional[int], ...] = (None, None)
    """Length of each dimension; `None` leaves it to the client. A free first one counts rows."""
    sample: Any = None
    """An example for the documentation, as it is written in JSON."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A `pandas.DataFrame`, sent as a list of records or as `{"columns": ..., "data": ...}`."""

    columns: Dict[str, str] = {}
    """NumPy's name of the type of each column, in order."""
    sample: Any = None
    """Example records for the documentation."""


class Response(msgspec.Struct):
    """An answer of `run` with a status and headers of its own."""

    body: bytes
    status_code: int = 200
    headers: Dict[str, str] = {}
