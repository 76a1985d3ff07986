import json
import os

import numpy as np
from keras.models import load_model

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"


def init():
    global model
    model_root = os.getenv("AZUREML_MODEL_DIR")
    model_folder = "keras_model"
    model = load_model(os.path.join(model_root, model_folder, "model.npz"))


def run(raw_data):
    data = np.array(json.loads(raw_data)["data"])
    scores = model.predict(data)
    return np.argmax(scores, axis=1).tolist(), scores.round(2).tolist()
