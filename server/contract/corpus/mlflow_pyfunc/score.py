import json
import logging
import os
from io import StringIO

import mlflow.pyfunc
import pandas as pd


def init():
    global model
    model_path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model")
    model = mlflow.pyfunc.load_model(model_path)
    logging.info("Model loaded")


def run(raw_data):
    json_data = json.loads(raw_data)
    if "input_data" not in json_data:
        raise Exception("Request must contain a top level key named 'input_data'")
    frame = pd.read_json(StringIO(json.dumps(json_data["input_data"])), orient="split")
    predictions = model.predict(frame)
    result = StringIO()
    json.dump({"predictions": predictions.tolist()}, result)
    return result.getvalue()
