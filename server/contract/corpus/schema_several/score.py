import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema


def init():
    pass


@input_schema("rows", NumpyParameterType(np.array([[1.0, 2.0]]), enforce_shape=False))
@input_schema("scale", StandardPythonParameterType(1.5))
@input_schema("names", StandardPythonParameterType(["a"]))
@output_schema(NumpyParameterType(np.array([1.0])))
def run(rows, scale=2.0, names=None):
    return {"totals": (rows.sum(axis=1) * scale).tolist(), "names": names}
