import json

import joblib
import numpy
from azureml.core.model import Model


def init():
    global model
    model_path = Model.get_model_path(model_name="diabetes_regression_model.pkl")
    model = joblib.load(model_path)


def run(raw_data, request_headers):
    data = numpy.array(json.loads(raw_data)["data"])
    result = model.predict(data)
    # Demonstrates how the id of a call can be traced through the log.
    print(
        '{{"RequestId":"{0}", "TraceParent":"{1}", "NumberOfPredictions":{2}}}'.format(
            request_headers.get("X-Ms-Request-Id", ""),
            request_headers.get("Traceparent", ""),
            len(result),
        )
    )
    return {"result": result.tolist()}


if __name__ == "__main__":
    init()
    print(run(json.dumps({"data": [[1, 2]]}), {}))
