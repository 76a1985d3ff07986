import json

import joblib
from azureml.core.model import Model


def init():
    global model
    model = joblib.load(Model.get_model_path("best_model"))


def run(raw_data):
    return [model, json.loads(raw_data)]
