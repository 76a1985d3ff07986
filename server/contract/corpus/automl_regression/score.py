import os

import joblib
import numpy as np
import pandas as pd
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

data_sample = PandasParameterType(pd.DataFrame({"x": [0.0], "y": [0.0]}))
input_sample = StandardPythonParameterType({"data": data_sample})
output_sample = StandardPythonParameterType({"Results": NumpyParameterType(np.array([0.0]))})
parameters_sample = StandardPythonParameterType(1.0)


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


@input_schema("Inputs", input_sample)
@input_schema("GlobalParameters", parameters_sample, convert_to_provided_type=False)
@output_schema(output_sample)
def run(Inputs, GlobalParameters=1.0):
    data = Inputs["data"]
    return {"Results": model.predict(data.to_numpy()).tolist()}
