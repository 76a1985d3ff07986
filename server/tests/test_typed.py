"""Declared inputs are parsed, checked, described and served as tensors."""

import json
import struct

import httpx
import numpy as np
import pytest
from declared import infer, module_server
from openapi_spec_validator import validate

SCRIPT = """
    from typing import Annotated
    import numpy as np
    from scoring_server.types import Array

    def init(): pass

    def run(
        data: Annotated[np.ndarray, Array(shape=(None, 3), sample=[[1.0, 2.0, 3.0]])],
        codes: Annotated[np.ndarray, Array(dtype="uint8", shape=(2,))] = None,
        scale: float = 1.0,
    ):
        assert isinstance(data, np.ndarray)
        return data.sum(axis=1) * scale
"""
TENSORS = """
    from typing import Annotated
    import numpy as np
    from scoring_server.types import Array

    def init(): pass

    def run(
        data: Annotated[np.ndarray, Array(dtype="float32", shape=(None, 2))],
        names: Annotated[np.ndarray, Array(dtype="object", shape=(None,))],
    ):
        return {"sum": data.sum(axis=1), "names": np.array([f"<{name}>" for name in names])}
"""
TABLE = """
    from typing import Annotated
    import pandas as pd
    from scoring_server.types import Table

    def init(): pass

    def run(people: Annotated[pd.DataFrame, Table(
        columns={"age": "int64", "first name": "str", "height": "float64"},
        sample=[{"age": 1, "first name": "Ann", "height": 0.7}])]):
        return [list(map(str, people.dtypes))[:1], people.to_dict("records")]
"""


COLUMNS = ["age", "first name", "height"]


typed = module_server(SCRIPT.replace("= None", "= np.zeros(2)"))
tensors = module_server(TENSORS)
table = module_server(TABLE)


def test_arrays_and_plain_values_arrive_by_name(typed):
    body = {"data": [[1, 2, 3], [4, 5, 6]], "codes": [1, 255], "scale": 2}
    assert typed.score(body).json() == [12.0, 30.0]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"data": [[1, 2, "x"]]}, "$.data[0][2]"),
        ({"data": [[1, 2, 3], [1, 2]]}, "$.data[1]"),
        ({"data": [[1, 2, None]]}, "$.data[0][2]"),
        ({"data": []}, "$.data"),
        ({"data": 5}, "$.data"),
        ({"data": [[[1, 2, 3]]]}, "$.data[0][0]"),
        ({"data": [[1, 2, 3]], "codes": [1, 256]}, "$.codes[1]"),
        ({"data": [[1, 2, 3]], "codes": [1, -1]}, "$.codes[1]"),
        ({"data": [[1, 2, 3]], "codes": [1, 1.5]}, "$.codes[1]"),
        ({"data": [[1, 2, 3]], "scale": "much"}, "$.scale"),
        ({"data": [[1, 2, 3]], "other": 1}, "$"),
        ({}, "$"),
        ([], "$"),
        ("text", "$"),
    ],
)
def test_a_fault_in_the_body_is_named_by_its_path(typed, body, path):
    response = typed.score(body)
    assert response.status_code == 400, response.text
    assert response.json()["path"] == path


def test_tables_arrive_as_records_or_as_columns(table):
    records = [{"age": 3, "first name": "Bo", "height": 1.0}]
    split = {"columns": ["height", "age", "first name"], "data": [[1.0, 3, "Bo"]]}
    expected = [["int64"], records]
    assert table.score({"people": records}).json() == expected
    assert table.score({"people": split}).json() == expected


@pytest.mark.parametrize(
    ("people", "path"),
    [
        ([{"age": "x", "first name": "Bo", "height": 1}], "$.people[0].age"),
        ([{"age": 1, "height": 1}], "$.people[0]"),
        ([{"age": 1, "first name": "Bo", "height": 1, "x": 1}], "$.people[0]"),
        ([], "$.people"),
        ({"columns": ["age"], "data": [[1]]}, "$.people.columns"),
        ({"columns": COLUMNS, "data": [[1, "Bo"]]}, "$.people.data[0]"),
        ({"columns": COLUMNS, "data": [["x", "Bo", 1]]}, "$.people.data[0][0]"),
        ({"columns": ["age", "age", "height"], "data": [[1, 1, 1]]}, "$.people.columns"),
    ],
)  # fmt: skip
def test_a_fault_in_a_table_is_named_by_its_path(table, people, path):
    response = table.score({"people": people})
    assert response.status_code == 400, response.text
    assert response.json()["path"] == path


@pytest.mark.parametrize("version", ["", "?version=2", "?version=3"])
def test_the_description_is_valid_and_its_sample_scores(typed, version):
    with typed.client() as client:
        document = client.get(f"/swagger.json{version}").json()
    validate(document)
    assert ("swagger" in document) == (version != "?version=3")
    paths = {"/score", "/api/v1/service/svc/score"}
    assert paths <= set(document["paths"])
    definitions = document.get("definitions") or document["components"]["schemas"]
    sample = definitions["ServiceInput"]["properties"]["data"]["example"]
    assert typed.score({"data": sample}).json() == [6.0]


def test_the_page_for_clients_shows_the_structure_and_the_sample(table):
    with table.client() as client:
        response = client.get("/docs")
    assert response.headers["content-type"].startswith("text/html")
    assert '"first name"' in response.text
    assert "Ann" in response.text


def test_descriptions_ask_for_the_key_unless_told_otherwise(typed, serve):
    for path in ("/swagger.json", "/docs"):
        assert httpx.get(f"http://127.0.0.1:{typed.port}{path}").status_code == 401
    public = serve(public_docs="true")
    assert httpx.get(f"http://127.0.0.1:{public.port}/docs").status_code == 200
    assert httpx.post(f"http://127.0.0.1:{public.port}/score").status_code == 401


DATA = {"name": "data", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]}
NAMES = {"name": "names", "shape": [2], "datatype": "BYTES", "data": ["a", "b"]}


def test_json_tensors_are_scored(tensors):
    answer = infer(tensors, {"id": "7", "inputs": [DATA, NAMES]}).json()
    assert answer["id"] == "7"
    assert answer["model_name"] == "svc"
    assert answer["outputs"] == [
        {"name": "sum", "datatype": "FP32", "shape": [2], "data": [3.0, 7.0]},
        {"name": "names", "datatype": "BYTES", "shape": [2], "data": ["<a>", "<b>"]},
    ]


def test_binary_tensors_come_in_and_go_out(tensors):
    numbers = np.array([[1, 2], [3, 4]], "<f4").tobytes()
    texts = b"".join(struct.pack("<I", 1) + text for text in (b"a", b"b"))
    request = {
        "inputs": [
            {"name": "data", "shape": [2, 2], "datatype": "FP32",
             "parameters": {"binary_data_size": len(numbers)}},
            {"name": "names", "shape": [2], "datatype": "BYTES",
             "parameters": {"binary_data_size": len(texts)}},
        ],
        "outputs": [{"name": "sum", "parameters": {"binary_data": True}}],
    }  # fmt: skip
    response = infer(tensors, request, numbers + texts)
    assert response.status_code == 200, response.text
    length = int(response.headers["inference-header-content-length"])
    assert np.frombuffer(response.content[length:], "<f4").tolist() == [3.0, 7.0]
    (output,) = json.loads(response.content[:length])["outputs"]
    assert output["parameters"] == {"binary_data_size": 8}


@pytest.mark.parametrize(
    "inputs",
    [
        [],
        [DATA],
        [{**DATA, "shape": [2, 3]}, NAMES],
        [{**DATA, "shape": [-2, -2]}, NAMES],
        [{**DATA, "datatype": "FP31"}, NAMES],
        [{**DATA, "data": [1, 2, 3, "x"]}, NAMES],
        [{**DATA, "data": [[1, 2], [3]]}, NAMES],
        [{**DATA, "shape": [4], "data": [1, 2, 3, 4]}, NAMES],
        [{k: v for k, v in DATA.items() if k != "data"}, NAMES],
        [{**DATA, "parameters": {"binary_data_size": 99}}, NAMES],
        [{**DATA, "parameters": {"binary_data_size": -1}}, NAMES],
        [DATA, {**NAMES, "data": [1, 2]}],
    ],
)
def test_faulty_tensors_are_refused_with_the_protocols_error(tensors, inputs):
    response = infer(tensors, {"inputs": inputs})
    assert response.status_code == 400, response.text
    assert response.json()["error"]


@pytest.mark.parametrize("length", ["-1", "99999", "x", "1"])
def test_a_wrong_length_of_the_json_part_is_refused(tensors, length):
    headers = {"inference-header-content-length": length}
    assert infer(tensors, {"inputs": [DATA, NAMES]}, **headers).status_code == 400


def test_the_protocols_other_routes_tell_about_the_model(tensors, echo):
    with tensors.client() as client:
        assert client.get("/v2").json()["extensions"] == ["binary_tensor_data"]
        described = client.get("/v2/models/svc").json()
        assert described["inputs"][0] == {"name": "data", "datatype": "FP32", "shape": [-1, 2]}
        assert client.get("/v2/models/svc/ready").status_code == 200
    for path in ("live", "ready"):
        address = f"http://127.0.0.1:{tensors.port}/v2/health/{path}"
        assert httpx.get(address).status_code == 200
    with echo.client() as client:
        assert client.post("/v2/models/model/infer", content=b"{}").status_code == 404


def test_an_undeclared_parameter_beside_declared_ones_stops_the_start(make):
    server = make("""
        import numpy as np
        def init(): pass
        from typing import Annotated
        from scoring_server.types import Array
        def run(data: Annotated[np.ndarray, Array()], other): return 1
    """).start(wait=False)
    assert server.process.wait(20) == 70
    assert "not of other" in server.log()


@pytest.mark.parametrize(
    ("dtype", "rows", "status"),
    [
        ("float64", [[0.1, 1e308], [-0.0, 5]], 200),
        ("float32", [[0.5, 1e38]], 200),
        ("int8", [[-128, 127]], 200),
        ("int8", [[1, 128]], 400),
        ("uint64", [[0, 2**64 - 1]], 200),
        ("uint64", [[0, 2**64]], 400),
        ("int64", [[-(2**63), 2**63 - 1]], 200),
        ("bool", [[True, False]], 200),
        ("bool", [[1, 0]], 400),
        ("float16", [[0.5, 2]], 200),
    ],
)
def test_tables_of_every_type_of_number_keep_their_values(serve, dtype, rows, status):
    server = serve(f"""
        from typing import Annotated
        import numpy as np
        from scoring_server.types import Array
        def init(): pass
        def run(data: Annotated[np.ndarray, Array(dtype="{dtype}", shape=(None, 2))]):
            data[:] = data  # what run receives is its own
            return [str(data.dtype), data.tolist()]
    """)
    response = server.score({"data": rows})
    assert response.status_code == status, response.text
    if status == 200:
        returned, values = response.json()
        assert returned == dtype
        assert np.array_equal(np.array(values, dtype), np.array(rows, dtype))


def test_rows_that_make_up_for_one_another_are_refused(typed):
    response = typed.score({"data": [[1, 2], [3, 4, 5, 6]]})
    assert (response.status_code, response.json()["path"]) == (400, "$.data[0]")
