import pickle

from azureml.core.model import Model

model = None


def init():
    global model
    with open(Model.get_model_path("best_model", version=1, _workspace=None), "rb") as file:
        model = pickle.load(file)


def run(raw_data):
    return model
