import json
import os

import numpy as np

layers = []


def init():
    root = os.environ["AZUREML_MODEL_DIR"]
    with open(os.path.join(root, "outputs", "model.json")) as file:
        architecture = json.load(file)
    arrays = np.load(os.path.join(root, "outputs", "weights.npz"))
    for name in architecture["layers"]:
        layers.append(arrays[name])


def run(raw_data):
    value = np.array(json.loads(raw_data)["data"])
    for layer in layers:
        value = value @ layer
    return json.dumps(value.tolist())
