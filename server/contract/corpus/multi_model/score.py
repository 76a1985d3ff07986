import json
import os

import joblib
import numpy as np


def init():
    global scaler, regression
    # With several models, the variable names the folder of all of them.
    root = os.getenv("AZUREML_MODEL_DIR")
    scaler = joblib.load(os.path.join(root, "scaler", "1", "scaler.pkl"))
    regression = joblib.load(os.path.join(root, "regression", "1", "model.pkl"))


def run(raw_data):
    try:
        data = np.array(json.loads(raw_data)["data"])
        return {"prediction": regression.predict(scaler.transform(data)).tolist()}
    except Exception as e:
        return {"error": str(e)}
