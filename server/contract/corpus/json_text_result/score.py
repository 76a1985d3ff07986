import json


def init():
    pass


def run(data):
    try:
        values = json.loads(data)["data"]
        return json.dumps({"result": [value * 2 for value in values]})
    except Exception as e:
        return json.dumps({"error": str(e)})
