def init():
    pass


def run(raw_data: bytes):
    return [type(raw_data).__name__, len(raw_data)]
