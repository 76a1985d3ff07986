seen = []


def init():
    print("nothing to load")


def run(raw_data):
    seen.append(raw_data)
