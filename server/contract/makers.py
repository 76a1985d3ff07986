"""Makes the models and bodies of the corpus that are not text.

Each maker writes a file, or gives its bytes where there is no file: a body. Models have round
coefficients, so that their answers are the same on any machine.
"""

import io
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from PIL import Image
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier


def linear(width: int) -> LinearRegression:
    """Adds up the features, each times its number, and one."""
    model = LinearRegression()
    model.coef_ = np.arange(1.0, width + 1)
    model.intercept_ = 1.0
    model.n_features_in_ = width
    return model


def tree() -> DecisionTreeClassifier:
    """Three species by two lengths."""
    return DecisionTreeClassifier(random_state=0).fit(
        [[1.0, 0.2], [4.0, 1.2], [6.0, 2.0]], ["setosa", "versicolor", "virginica"]
    )


def scaler() -> StandardScaler:
    """Takes 2 from each of two features and divides by 4."""
    made = StandardScaler()
    made.mean_, made.scale_ = np.array([2.0, 2.0]), np.array([4.0, 4.0])
    made.var_, made.n_features_in_ = made.scale_**2, 2
    return made


def pipeline() -> Pipeline:
    """A table with a category and a number, to two classes with probabilities."""
    import pandas as pd

    table = pd.DataFrame({"color": ["red", "red", "blue", "blue"], "size": [1.0, 2.0, 8.0, 9.0]})
    steps = [("one-hot", OneHotEncoder(handle_unknown="ignore"), ["color"])]
    chosen = ColumnTransformer(steps, remainder="passthrough")
    model = DecisionTreeClassifier(max_depth=1, random_state=0)
    return Pipeline([("columns", chosen), ("tree", model)]).fit(table, [0, 0, 1, 1])


def _joblib(make: Callable[[], Any]) -> Callable[[Path], None]:
    return lambda file: joblib.dump(make(), file) and None


def _pickle(make: Callable[[], Any]) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(pickle.dumps(make())) and None


def _json(value: Any) -> Callable[[Path], None]:
    return lambda file: file.write_text(json.dumps(value)) and None


def _text(value: str) -> Callable[[Path], None]:
    return lambda file: file.write_text(value) and None


def _arrays(file: Path) -> None:
    np.savez(file, weights=np.array([[1.0, 2.0], [3.0, 4.0]]), bias=np.array([0.5, -0.5]))


def _picture(file: Path | None) -> bytes:
    """A picture of 4 by 2 points, red on the left and blue on the right."""
    picture = Image.new("RGB", (4, 2), (255, 0, 0))
    picture.paste((0, 0, 255), (2, 0, 4, 2))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    if file is not None:
        file.write_bytes(stream.getvalue())
    return stream.getvalue()


def _onnx(file: Path) -> None:
    import onnx

    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    two = helper.make_tensor("two", kind, [1], [2.0])
    graph = helper.make_graph(
        [helper.make_node("Mul", ["input", "two"], ["output"])],
        "double",
        [helper.make_tensor_value_info("input", kind, [None, 2])],
        [helper.make_tensor_value_info("output", kind, [None, 2])],
        [two],
    )
    versions = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=versions, ir_version=9), file)


MAKERS: dict[str, Callable[[Any], Any]] = {
    "arrays": _arrays,
    "bytes": lambda _: bytes(range(256)),
    "labels": _text("cat\ndog\nfish\n"),
    "linear": _joblib(lambda: linear(2)),
    "linear of ten": _joblib(lambda: linear(10)),
    "linear, pickled": _pickle(lambda: linear(2)),
    "list, pickled": _pickle(lambda: [1, 2, 3]),
    "onnx": _onnx,
    "picture": _picture,
    "pipeline": _joblib(pipeline),
    "scaler": _joblib(scaler),
    "tree": _joblib(tree),
    "tree, pickled": _pickle(tree),
    "vocabulary": _json({"good": 1.0, "bad": -1.0, "very": 0.5}),
    "weights": _json([0.5, 2.0]),
}
