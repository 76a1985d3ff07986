import json


def init():
    assert json


def run(raw_data):
    data = json.loads(raw_data)
    assert "values" in data, "values are missing"
    return max(data["values"])
