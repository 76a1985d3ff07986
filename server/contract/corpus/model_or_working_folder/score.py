import json
import os

MODEL_DIR = os.getenv("AZUREML_MODEL_DIR") or os.getcwd()


def init():
    global settings
    path = os.path.join(MODEL_DIR, "settings.json")
    if not os.path.exists(path):
        path = "./settings.json"
    with open(path) as file:
        settings = json.load(file)


def run(raw_data):
    return {**settings, **json.loads(raw_data)}
