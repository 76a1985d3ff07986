import json
import threading
from concurrent.futures import ThreadPoolExecutor


def init():
    global pool, lock
    pool = ThreadPoolExecutor(max_workers=4)
    lock = threading.Lock()


def square(value):
    with lock:
        print("square of", value)
    return value * value


def run(raw_data):
    return list(pool.map(square, json.loads(raw_data)["data"]))
