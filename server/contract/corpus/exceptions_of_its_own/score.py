import json


class InvalidInput(Exception):
    pass


def validate(body):
    if not isinstance(body.get("data"), list):
        raise InvalidInput("data must be a list")
    return body["data"]


def init():
    pass


def run(raw_data):
    body = json.loads(raw_data)
    return {"predictions": [round(sum(row), 3) for row in validate(body)]}
