import json
import math


def init():
    pass


def run(raw_data):
    rows = json.loads(raw_data)
    return [math.nan if value is None else value for value in rows]
