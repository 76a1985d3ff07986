import json

import numpy as np
import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

data_sample = PandasParameterType(
    pd.DataFrame({"date": pd.Series(["2000-1-1"], dtype="datetime64[ns]"), "sold": [0.0]})
)
input_sample = StandardPythonParameterType({"data": data_sample})
quantiles_sample = StandardPythonParameterType([0.025, 0.975])


def init():
    pass


@input_schema("Inputs", input_sample)
@input_schema("GlobalParameters", StandardPythonParameterType({"quantiles": quantiles_sample}))
@output_schema(StandardPythonParameterType({"Results": {"forecast": [0.0], "index": []}}))
def run(Inputs, GlobalParameters={"quantiles": [0.5]}):
    data = Inputs["data"]
    future = data.assign(date=data.date + np.timedelta64(1, "D"))
    index = json.loads(future[["date"]].to_json(date_format="iso", orient="records"))
    quantiles = [[q, float(data.sold.quantile(q))] for q in GlobalParameters["quantiles"]]
    return {"Results": {"forecast": data.sold.tolist(), "index": index, "quantiles": quantiles}}
