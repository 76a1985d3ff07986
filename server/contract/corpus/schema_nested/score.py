import numpy as np
import pandas as pd
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

table = PandasParameterType(pd.DataFrame({"a": [1], "b": ["x"]}))
array = NumpyParameterType(np.array([[1.0]]), enforce_shape=False)


def init():
    pass


@input_schema("Inputs", StandardPythonParameterType({"table": table, "array": array}))
@output_schema(StandardPythonParameterType({"Results": array}))
def run(Inputs):
    return {"Results": [Inputs["table"].a.tolist(), Inputs["array"].shape]}
