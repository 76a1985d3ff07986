import json
import os

import pandas as pd
import xgboost as xgb


def init():
    global booster
    booster = xgb.Booster({"nthread": 4})
    booster.load_model(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.json"))


def run(raw_data):
    frame = pd.DataFrame.from_dict(json.loads(raw_data)["data"])
    matrix = xgb.DMatrix(frame, feature_names=list(frame.columns))
    predictions = booster.predict(matrix)
    return {"predictions": [float(value) for value in predictions]}
