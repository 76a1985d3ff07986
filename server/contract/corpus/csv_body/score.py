import io

import pandas as pd


def init():
    pass


def run(raw_data):
    frame = pd.read_csv(io.StringIO(raw_data))
    return {"columns": list(frame.columns), "sum": int(frame.sum().sum())}
