import json
import logging
import os
import pickle

import joblib
import numpy as np
import pandas as pd
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

try:
    from azureml.automl.core.shared import log_server, logging_utilities

    log_server.enable_telemetry(None)
    logger = logging.getLogger("azureml.automl.core.scoring_script_v2")
except Exception:
    logger = logging.getLogger("scoring_script")

data_sample = PandasParameterType(pd.DataFrame({"color": ["example_value"], "size": [0.0]}))
input_sample = StandardPythonParameterType({"data": data_sample})
method_sample = StandardPythonParameterType("predict")
parameters_sample = StandardPythonParameterType({"method": method_sample})
output_sample = StandardPythonParameterType({"Results": NumpyParameterType(np.array([0]))})


def init():
    global model
    assert json and pickle
    model_path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl")
    path = os.path.normpath(model_path)
    logger.info("Loading model from path of %s", os.path.basename(path))
    model = joblib.load(model_path)


@input_schema("GlobalParameters", parameters_sample, convert_to_provided_type=False)
@input_schema("Inputs", input_sample)
@output_schema(output_sample)
def run(Inputs, GlobalParameters={"method": "predict"}):
    data = Inputs["data"]
    if GlobalParameters.get("method", None) == "predict_proba":
        result = model.predict_proba(data)
    elif GlobalParameters.get("method", None) == "predict":
        result = model.predict(data)
    else:
        raise Exception(f"Invalid predict method argument received. {GlobalParameters}")
    if isinstance(result, pd.DataFrame):
        result = result.values
    return {"Results": result.tolist()}
