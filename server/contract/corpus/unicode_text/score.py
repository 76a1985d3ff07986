import json


def init():
    pass


def run(raw_data):
    text = json.loads(raw_data)["text"]
    return {"text": text, "letters": len(text), "upper": text.upper(), "reversed": text[::-1]}
