import json

import settings
from helpers import text
from helpers.numbers import double


def init():
    settings.load()


def run(raw_data):
    body = json.loads(raw_data)
    return {"number": double(body["number"]), "text": text.clean(body["text"]), "mode": settings.mode}
