import os
import tempfile


def init():
    os.makedirs("cache", exist_ok=True)


def run(raw_data):
    with open("last.txt", "w") as file:
        file.write(raw_data)
    with open(os.path.join("cache", "body"), "wb") as file:
        file.write(raw_data.encode())
    with tempfile.NamedTemporaryFile("w+", suffix=".json") as file:
        file.write(raw_data)
        file.seek(0)
        return [open("last.txt").read(), file.read(), sorted(os.listdir("cache"))]
