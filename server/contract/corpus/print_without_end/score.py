def init():
    pass


def run(raw_data):
    print("step", raw_data, end=" ")
    print("done")
    return "ok"
