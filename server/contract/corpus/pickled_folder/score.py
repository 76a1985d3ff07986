import json
import os
import pickle


def init():
    global model, steps
    folder = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model")
    with open(os.path.join(folder, "model.pkl"), "rb") as file:
        model = pickle.load(file)
    with open(os.path.join(folder, "steps.pkl"), "rb") as file:
        steps = pickle.load(file)


def run(raw_data):
    body = json.loads(raw_data)
    rows = body["data"] if isinstance(body, dict) else body
    return {"steps": steps, "labels": list(model.predict(rows))}
