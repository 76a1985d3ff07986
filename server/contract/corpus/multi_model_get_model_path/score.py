import json

import joblib
from azureml.core.model import Model


def init():
    global models
    models = {name: joblib.load(Model.get_model_path(name)) for name in ("first", "second")}


def run(raw_data):
    asked = json.loads(raw_data)
    model = models[asked["model"]]
    return model.predict([asked["row"]]).tolist()
