import json

prepared = False


def init():
    global model
    model = [1, 2]


def run(raw_data):
    return {"model": model, "prepared": prepared, "data": json.loads(raw_data)}
