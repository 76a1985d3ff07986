import json
import os


def init():
    global weights
    with open(os.path.join("azureml-models", "best_model", "1", "model", "weights.json")) as file:
        weights = json.load(file)


def run(raw_data):
    row = json.loads(raw_data)
    return sum(weight * value for weight, value in zip(weights, row))
