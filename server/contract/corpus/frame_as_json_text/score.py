import json

import pandas as pd


def init():
    pass


def run(raw_data):
    frame = pd.DataFrame(json.loads(raw_data))
    frame["total"] = frame.sum(axis=1)
    return frame.to_json(orient="records")
