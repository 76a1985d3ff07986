import json

import numpy as np


def init():
    pass


def run(raw_data):
    values = np.array(json.loads(raw_data))
    return {"best": values.argmax(), "mean": float(values.mean())}
