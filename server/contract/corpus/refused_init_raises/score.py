import os


def init():
    open(os.path.join(os.getenv("AZUREML_MODEL_DIR", ""), "no_such_model.pkl"))


def run(raw_data):
    return raw_data
