"""Score patients with the ridge regression: the ``init()`` / ``run(raw_data)`` contract.

A client sends ``{"data": [[f1, ..., f10], ...]}``, one row a patient with the ten standardised
features of scikit-learn's diabetes data, and receives one number a row: the disease progression
expected after a year.
"""

import json
import os

import joblib
import numpy as np

model = None


def init():
    """Load the model once, before the first request."""
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    """Predict one number for each row of ``data``."""
    data = np.array(json.loads(raw_data)["data"])
    return model.predict(data).tolist()
