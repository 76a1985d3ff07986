import pickle


class Point:
    def __init__(self, x):
        self.x = x


def init():
    pass


def run(raw_data):
    return pickle.loads(pickle.dumps(Point(float(raw_data)))).x
