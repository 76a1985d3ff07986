import json


class Service:
    def __init__(self):
        self.ready = False

    def load(self):
        self.ready = True
        self.factor = 3

    def predict(self, values):
        if not self.ready:
            raise RuntimeError("not loaded")
        return [value * self.factor for value in values]


service = Service()


def init():
    service.load()


def run(raw_data):
    return {"predictions": service.predict(json.loads(raw_data))}
