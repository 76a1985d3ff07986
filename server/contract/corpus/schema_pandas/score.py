import json
import pickle

import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

input_sample = pd.DataFrame([{"age": 5, "name": "Ada", "weight": 3.1}])


def init():
    assert json and pickle


@input_schema("data", PandasParameterType(input_sample, enforce_shape=False))
@output_schema(StandardPythonParameterType({"rows": 1}))
def run(data):
    print(data.columns)
    return {"rows": len(data), "types": [str(kind) for kind in data.dtypes], "ages": data.age.tolist()}
