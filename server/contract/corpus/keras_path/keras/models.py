"""Stands for Keras: a model is a file of NumPy arrays."""

import numpy as np


def load_model(path):
    return Model(np.load(path))


class Model:
    def __init__(self, arrays):
        self.weights, self.bias = arrays["weights"], arrays["bias"]

    def predict(self, x, verbose=1):
        if verbose:
            print("1/1 [==============================] - 0s")
        return np.asarray(x) @ self.weights + self.bias
