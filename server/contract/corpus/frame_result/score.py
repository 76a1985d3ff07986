import json

import pandas as pd


def init():
    pass


def run(raw_data):
    return pd.DataFrame(json.loads(raw_data))
