import json
import os

import numpy as np


def init():
    global weights
    with open(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "lgbm_model.txt")) as file:
        lines = dict(line.strip().split("=") for line in file if "=" in line)
    weights = np.array(lines["leaf_value"].split(), dtype="float32")


def run(raw_data):
    rows = np.array(json.loads(raw_data), dtype="float32")
    return list(rows @ weights)
