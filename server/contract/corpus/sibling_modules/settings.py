mode = "unset"


def load():
    global mode
    mode = "loaded"
