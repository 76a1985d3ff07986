from azureml.core.model import Model


def init():
    global error
    try:
        Model.get_model_path("other_model")
        error = None
    except Exception as e:
        error = type(e).__name__


def run(raw_data):
    return error
