import os
import sys

sys.path.append(os.path.dirname(__file__))
from lookup import TABLE


def init():
    pass


def run(raw_data):
    return TABLE.get(raw_data.strip('"'), "unknown")
