"""Train the ridge regression that the example deploys.

The same inputs give the same model, up to the last digits that depend on the CPU: scikit-learn's
bundled diabetes data, a closed-form solver and no shuffling. ``server/tests/test_model.py`` trains
again and compares the result with the committed file.
"""

from pathlib import Path

import joblib
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge

MODEL_FILE = Path(__file__).with_name("model.pkl")


def train() -> Ridge:
    """Fit the model on the whole diabetes data set (442 patients, 10 standardised features)."""
    features, progression = load_diabetes(return_X_y=True)
    return Ridge(alpha=1.0, solver="cholesky").fit(features, progression)


def main() -> None:
    """Write ``model.pkl`` beside this file."""
    joblib.dump(train(), MODEL_FILE, protocol=4)


if __name__ == "__main__":
    main()
