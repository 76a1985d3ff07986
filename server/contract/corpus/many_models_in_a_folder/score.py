import json
import os
from pathlib import Path

import joblib
import pandas as pd

models = None


def init():
    global models
    folder = Path(os.getenv("AZUREML_MODEL_DIR")) / "models"
    models = {name[:-4]: joblib.load(folder / name) for name in sorted(os.listdir(folder))}


def run(data):
    data = json.loads(data)
    try:
        model = models[data["model"]]
    except KeyError:
        raise KeyError("No such model")
    frame = pd.DataFrame(model.predict(data["data"]))
    return frame.to_json()
