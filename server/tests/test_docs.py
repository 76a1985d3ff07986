"""The examples of the page for writers of scripts do what the page says."""

import json
import re
import shutil
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "scoring"
PAGE = (EXAMPLE.parent / "docs" / "scoring.md").read_text()
BLOCK = re.compile(
    r"^```(\w+) (score\.py|request|answer) ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def examples():
    script, needs, request, status = "", "", ("", ""), 200
    for language, role, option, text in BLOCK.findall(PAGE):
        if role == "score.py":
            script, needs = text, option
        elif role == "request":
            request, status = (language, text), int(option or 200)
        else:
            line = PAGE[: PAGE.index(script)].count("\n") + 1
            title = f"line-{line}-{status}"
            yield pytest.param(script, needs, request, status, (language, text), id=title)


def write_onnx_model(folder):
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    two = helper.make_tensor("two", kind, [1], [2.0])
    graph = helper.make_graph(
        [helper.make_node("Mul", ["x", "two"], ["y"])],
        "double",
        [helper.make_tensor_value_info("x", kind, [None, 2])],
        [helper.make_tensor_value_info("y", kind, [None, 2])],
        [two],
    )
    versions = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=versions, ir_version=9), folder / "model.onnx")


@pytest.mark.parametrize(("script", "needs", "request_", "status", "answer"), list(examples()))
def test_the_example_answers_as_written(make, script, needs, request_, status, answer):
    server = make(script)
    server.set(AZUREML_MODEL_DIR=server.folder)
    shutil.copy(EXAMPLE / "model.pkl", server.folder)
    if needs == "onnx":
        write_onnx_model(server.folder)
    server.start()
    language, text = request_
    options = {}
    if language == "hex":
        options["headers"] = {"content-type": "application/octet-stream"}
    response = server.score(bytes.fromhex(text) if language == "hex" else text.encode(), **options)
    assert response.status_code == status, response.text
    if answer[0] == "text":
        assert response.text == answer[1]
        return
    got, wanted = response.json(), json.loads(answer[1])
    if status != 200:
        del got["request_id"]
    assert got == wanted


def test_the_page_has_all_its_examples():
    assert len(list(examples())) == 9
