"""Integers that do not fit into the type that is declared for them are refused, in every shape."""

import numpy as np
import pytest
from declared import infer, module_server

INTEGERS = """
    from typing import Annotated
    import numpy as np
    from scoring_server.types import Array

    def init(): pass

    def run(data: Annotated[np.ndarray, Array(dtype="int8", shape=(None,))]):
        return data
"""
INTEGER_COLUMNS = """
    from typing import Annotated
    import pandas as pd
    from scoring_server.types import Table

    def init(): pass

    def run(data: Annotated[pd.DataFrame, Table(
        columns={"small": "int8", "large": "int64", "natural": "uint64"})]):
        return data.to_dict("records")
"""
integers = module_server(INTEGERS)
integer_columns = module_server(INTEGER_COLUMNS)


@pytest.mark.parametrize(("value", "status"), [(127, 200), (-128, 200), (128, 400), (-129, 400)])
def test_an_integer_that_does_not_fit_into_an_array_is_refused(integers, value, status):
    response = integers.score({"data": [1, value]})
    assert response.status_code == status, response.text
    if status == 200:
        assert response.json() == [1, value]
    else:
        assert response.json()["path"] == "$.data[1]"
    for datatype in ("INT8", "INT64"):
        tensor = {"name": "data", "shape": [2], "datatype": datatype, "data": [1, value]}
        assert infer(integers, {"inputs": [tensor]}).status_code == status
    blob = np.array([1, value], "<i8").tobytes()
    described = {"shape": [2], "datatype": "INT64", "parameters": {"binary_data_size": len(blob)}}
    response = infer(integers, {"inputs": [{"name": "data", **described}]}, blob)
    assert response.status_code == status, response.text


@pytest.mark.parametrize(
    ("column", "value", "status"),
    [
        ("small", -128, 200),
        ("small", 128, 400),
        ("large", 2**63 - 1, 200),
        ("large", 2**63, 400),
        ("natural", 2**64 - 1, 200),
        ("natural", 2**64, 400),
        ("natural", -1, 400),
    ],
)
def test_an_integer_that_does_not_fit_into_a_column_is_refused(
    integer_columns, column, value, status
):
    record = {"small": 1, "large": 1, "natural": 1, column: value}
    columns = {"columns": list(record), "data": [list(record.values())]}
    for table in ([record], columns):
        response = integer_columns.score({"data": table})
        assert response.status_code == status, response.text
        if status == 200:
            assert response.json() == [record]
