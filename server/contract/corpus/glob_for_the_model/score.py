import glob
import json
import os

import joblib


def init():
    global model
    pattern = os.path.join(os.environ.get("AZUREML_MODEL_DIR", "."), "**", "*.pkl")
    candidates = sorted(glob.glob(pattern, recursive=True))
    if len(candidates) != 1:
        raise RuntimeError(f"expected one model, found {candidates}")
    model = joblib.load(candidates[0])


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
