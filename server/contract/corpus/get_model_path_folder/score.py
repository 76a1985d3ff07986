import json
import os

from azureml.core.model import Model


def init():
    global weights, folder
    folder = Model.get_model_path("weights")
    with open(os.path.join(folder, "weights.json")) as file:
        weights = json.load(file)


def run(raw_data):
    return {"weights": weights, "folder": os.path.basename(folder)}
