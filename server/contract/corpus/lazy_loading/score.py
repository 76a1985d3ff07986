import functools
import json
import os

import joblib


@functools.lru_cache(maxsize=1)
def get_model():
    print("loading")
    return joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def init():
    pass


def run(raw_data):
    return get_model().predict(json.loads(raw_data)["data"]).tolist()
