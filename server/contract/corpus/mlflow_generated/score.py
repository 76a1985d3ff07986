import logging
import os

import numpy as np
import pandas as pd
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

try:
    from azureml.ai.monitoring import Collector
except ImportError:
    Collector = None

_logger = logging.getLogger(__name__)
model_path = str(os.getenv("AZUREML_MODEL_DIR"))
sample_input = pd.DataFrame({"a": [1.0], "b": [2.0]})
input_param = PandasParameterType(sample_input, enforce_shape=False, orient="split")
output_param = NumpyParameterType(np.array([0.0]), enforce_shape=False)
params_param = StandardPythonParameterType({})


def init():
    global inputs_collector, outputs_collector
    _logger.info("Initializing scoring script for %s", os.path.basename(model_path))
    inputs_collector = outputs_collector = None
    try:
        inputs_collector = Collector(name="model_inputs")
        outputs_collector = Collector(name="model_outputs")
    except Exception as e:
        _logger.error("Collectors cannot be made. %s", e)


@input_schema("input_data", input_param)
@input_schema("params", params_param, optional=True)
@output_schema(output_param)
def run(input_data, params=None):
    context = None
    if inputs_collector is not None:
        context = inputs_collector.collect(pd.DataFrame(input_data))
    result = input_data.sum(axis=1)
    if outputs_collector is not None:
        outputs_collector.collect(pd.DataFrame(result), context)
    return {"total": result.tolist(), "params": params}
