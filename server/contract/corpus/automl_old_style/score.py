import json
import os

import joblib
import pandas as pd
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.schema_decorators import input_schema, output_schema
import numpy as np

input_sample = pd.DataFrame({"color": pd.Series(["x"], dtype="object"), "size": pd.Series([0.0])})
output_sample = np.array([0])


def init():
    global model
    try:
        model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))
    except Exception as e:
        print(f"model cannot be loaded: {e}")
        raise


@input_schema("data", PandasParameterType(input_sample))
@output_schema(NumpyParameterType(output_sample))
def run(data):
    try:
        result = model.predict(data)
        return json.dumps({"result": result.tolist()})
    except Exception as e:
        return json.dumps({"error": str(e)})
