import json

count = 0
history = []


def init():
    global model
    model = {"bias": 10}


def run(raw_data):
    global count
    count += 1
    history.append(json.loads(raw_data)["value"])
    return {"count": count, "mean": sum(history) / len(history) + model["bias"]}
