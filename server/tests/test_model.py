"""The example: its model, its script and its server together."""

import hashlib
import shutil
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest
import yaml
from sklearn.datasets import load_diabetes

EXAMPLE = Path(__file__).parents[2] / "scoring"
sys.path.insert(0, str(EXAMPLE))


def test_training_again_gives_the_committed_model():
    from train import train

    committed, again = joblib.load(EXAMPLE / "model.pkl"), train()
    # BLAS has kernels of its own for each kind of CPU: the last digits of a number depend on it.
    nearly = {"rtol": 1e-12, "atol": 0}
    np.testing.assert_allclose(committed.coef_, again.coef_, **nearly)
    np.testing.assert_allclose(committed.intercept_, again.intercept_, **nearly)
    features, _ = load_diabetes(return_X_y=True)
    np.testing.assert_allclose(committed.predict(features), again.predict(features), **nearly)


def test_the_environment_pins_the_versions_the_model_was_written_with():
    import sklearn

    dependencies = yaml.safe_load((EXAMPLE / "myenv.yml").read_text())["dependencies"]
    assert f"scikit-learn={sklearn.__version__}" in dependencies
    assert f"numpy={np.__version__}" in dependencies
    assert f"joblib={joblib.__version__}" in dependencies


@pytest.mark.parametrize("batch", ["off", "on"])
def test_the_tutorials_request_is_scored(make, batch):
    server = make((EXAMPLE / "score.py").read_text(), digests="required", batch=batch)
    models = server.folder / "app" / "azureml-models"
    model_dir = models / "best_model" / "1"
    model_dir.mkdir(parents=True)
    shutil.copy(EXAMPLE / "model.pkl", model_dir)
    digest = hashlib.sha256((EXAMPLE / "model.pkl").read_bytes()).hexdigest()
    manifest = server.folder / "model-digests.json"
    manifest.write_text(f'{{"best_model/1/model.pkl": "sha256:{digest}"}}')
    server.set(AZUREML_MODEL_DIR=model_dir)
    server.start()
    rows = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]]
    expected = joblib.load(EXAMPLE / "model.pkl").predict(np.array(rows)).tolist()
    assert server.score({"data": rows}).json() == pytest.approx(expected, rel=1e-12)
