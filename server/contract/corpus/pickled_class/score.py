import os
import pickle
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from vectorizer import Vectorizer  # the class of what is loaded


def init():
    global vectorizer
    path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "vectorizer.pkl")
    if not os.path.exists(path):
        with open(path, "wb") as file:
            pickle.dump(Vectorizer(["good", "bad"]), file)
    with open(path, "rb") as file:
        vectorizer = pickle.load(file)


def run(raw_data):
    return vectorizer.count(raw_data)
