import json


def init():
    pass


def run(raw_data):
    try:
        return json.loads(raw_data)
    except ValueError:
        return [type(raw_data).__name__, len(raw_data)]
