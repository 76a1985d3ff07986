import json
import multiprocessing
import subprocess
import sys

from work import double


def init():
    global context
    context = multiprocessing.get_context("fork")


def run(raw_data):
    values = json.loads(raw_data)
    with context.Pool(1) as pool:
        doubled = pool.map(double, values)
    command = [sys.executable, "-c", "print(40 + 2)"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return doubled, int(said)
