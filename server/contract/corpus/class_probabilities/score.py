import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model", "tree.pkl"))


def run(raw_data):
    rows = json.loads(raw_data)["data"]
    return [
        {str(name): float(value) for name, value in zip(model.classes_, row)}
        for row in model.predict_proba(rows)
    ]
