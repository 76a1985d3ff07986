"""Whatever the JSON encoders of Azure ML's server, of NumPy and of pandas can say is answered."""

import json

import pytest

SCRIPT = """
    import collections, dataclasses, datetime, decimal, enum, fractions, json, math, pathlib, types
    import uuid
    import numpy as np
    import pandas as pd

    Point = collections.namedtuple("Point", "x y")
    Color = enum.Enum("Color", {"RED": 1, "BLUE": "b"})
    UTC = datetime.timezone.utc
    DAY = datetime.date(2024, 1, 2)
    NAT = np.datetime64("NaT")

    @dataclasses.dataclass
    class Box:
        size: object
        _secret: int = 0

    class Opaque:
        pass

    def deep(levels):
        value = 1
        for _ in range(levels):
            value = [value]
        return value

    def circle():
        value = []
        value.append(value)
        return value

    def init(): pass
    def run(raw_data): return eval(json.loads(raw_data))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    from server import ScoringServer

    made = ScoringServer(tmp_path_factory.mktemp("results") / "server", SCRIPT)
    yield made.start()
    made.remove()


def deep(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


RESULTS = [
    # Python's own
    ("Point(1, 2)", [1, 2]),
    ("{'a': [Point(1, Point(2, 3))]}", {"a": [[1, [2, 3]]]}),
    ("{1, 2}", [1, 2]),
    ("frozenset([3])", [3]),
    ("'\\ud83d'", "\ud83d"),
    ("{'\\ud83d': '\\udc00'}", {"\ud83d": "\udc00"}),
    ("deep(300)", deep(300)),
    ("deep(900)", deep(900)),
    ("[2 ** 70, float('nan')]", [2**70, None]),
    ("[-2 ** 64, float('-inf'), 1.5]", [-(2**64), None, 1.5]),
    ("{2 ** 70: Point(1, 2 ** 70)}", {str(2**70): [1, 2**70]}),
    ("decimal.Decimal('1.50')", 1.5),
    ("[decimal.Decimal('NaN')]", [None]),
    ("fractions.Fraction(1, 4)", 0.25),
    ("uuid.UUID(int=1)", "00000000-0000-0000-0000-000000000001"),
    ("[pathlib.Path('/a/b'), Point(pathlib.Path('c'), 1)]", ["/a/b", ["c", 1]]),
    ("[Color.RED, {Color.BLUE: Color.BLUE}]", [1, {"b": "b"}]),
    ("Box(Box(np.int64(1)))", {"size": {"size": 1}}),
    ("[Box(2 ** 70)]", [{"size": 2**70}]),
    ("types.MappingProxyType({'a': 1})", {"a": 1}),
    ("collections.Counter('aab')", {"a": 2, "b": 1}),
    # Keys
    ("{np.float64(0.5): 1}", {"0.5": 1}),
    ("dict(zip(np.array([0, 1]), np.array([0.2, 0.8])))", {"0": 0.2, "1": 0.8}),
    ("{True: 1, None: 2, 1.5: 3, 7: 4}", {"true": 1, "null": 2, "1.5": 3, "7": 4}),
    ("{np.bool_(False): 1, np.str_('s'): 2}", {"false": 1, "s": 2}),
    ("{np.float32(0.1): 1}", {"0.1": 1}),
    ("{float('nan'): 1}", {"null": 1}),
    ("{np.float64('nan'): 1, np.int8(1): 2}", {"null": 1, "1": 2}),
    ("{DAY: 1, datetime.datetime(2024, 1, 2, 3): 2}", {"2024-01-02": 1, "2024-01-02T03:00:00": 2}),
    ("{pd.Timestamp('2024-01-02'): 1}", {"2024-01-02T00:00:00": 1}),
    ("{np.datetime64('2024-01-02'): 1, pd.NaT: 2}", {"2024-01-02T00:00:00": 1, "null": 2}),
    ("{uuid.UUID(int=1): 1}", {"00000000-0000-0000-0000-000000000001": 1}),
    ("pd.Series([1, 2], index=['a', 'b']).to_dict()", {"a": 1, "b": 2}),
    # Times
    ("datetime.datetime(2024, 1, 2, tzinfo=UTC)", "2024-01-02T00:00:00+00:00"),
    ("datetime.time(1, 2, tzinfo=UTC)", "01:02:00+00:00"),
    ("datetime.timedelta(days=1, seconds=3661, milliseconds=500)", "P1DT1H1M1.5S"),
    ("[pd.Timestamp('2024-01-02 03:04:05.678'), pd.NaT, pd.NA]",
     ["2024-01-02T03:04:05.678000", None, None]),
    ("pd.Timedelta(hours=25)", "P1DT1H0M0S"),
    ("[np.timedelta64(90, 'm'), np.timedelta64('NaT')]", ["P0DT1H30M0S", None]),
    ("[pd.Period('2024-01'), pd.Interval(0, 1)]", ["2024-01", "(0, 1]"]),
    ("np.array(['2024-01-02', 'NaT'], 'M8[ns]')", ["2024-01-02T00:00:00", None]),
    ("np.array(['1970-01-01', 'NaT'], 'M8[D]')", ["1970-01-01T00:00:00", None]),
    ("np.array(['2024-01-02', 'NaT'], 'M8[ms]')", ["2024-01-02T00:00:00", None]),
    ("{'a': np.array([['NaT']], 'M8[h]'), 'b': NAT}", {"a": [[None]], "b": None}),
    ("np.array([1, 'NaT'], 'm8[s]')", ["P0DT0H0M1S", None]),
    ("np.array(['2024-01-02'], '>M8[s]')", ["2024-01-02T00:00:00"]),
    ("np.datetime64('20000-01-01')", "20000-01-01"),
    # Times in steps of several units count from 1970 too.
    ("np.array(['2024-01-01', 'NaT'], 'M8[5D]')", ["2023-12-29T00:00:00", None]),
    ("np.datetime64('2024-01-01T05', '2h')", "2024-01-01T04:00:00"),
    ("{'a': [np.zeros((1, 2), 'M8[25ns]')]}", {"a": [[["1970-01-01T00:00:00"] * 2]]}),
    ("np.array([np.datetime64('2024', '10Y')], object)", ["2020-01-01T00:00:00"]),
    ("[Point(np.datetime64('2024', '10Y'), Box(np.array([], 'M8[3s]')))]",
     [["2020-01-01T00:00:00", {"size": []}]]),
    ("{np.datetime64('2024', '10Y'): 1}", {"2020-01-01T00:00:00": 1}),
    ("np.array([1], 'm8[5D]')", ["P5DT0H0M0S"]),
    ("[datetime.datetime(1970, 1, 1), 'x']", ["1970-01-01T00:00:00", "x"]),
    # NumPy
    ("np.array([1.5, np.nan], '>f8')", [1.5, None]),
    ("np.array([[1, 2]], '>i2')", [[1, 2]]),
    ("[np.array([0.1], '>f4'), np.array([0.1], 'f4')]", [[0.1], [0.1]]),
    ("[np.float32(0.1), 2 ** 70]", [0.1, 2**70]),
    ("np.array([(1, 0.1, 'a')], [('i', 'i4'), ('x', 'f4'), ('s', 'U1')])", [[1, 0.1, "a"]]),
    ("np.array([(1, 2.5)], 'i4,f8')[0]", [1, 2.5]),
    ("np.rec.array([(1, 2.5)], 'i4,f8')", [[1, 2.5]]),
    ("np.array(3)", 3),
    ("[np.array(0.5), np.array('x')]", [0.5, "x"]),
    ("np.ma.array([1, 2], mask=[0, 1])", [1, None]),
    ("np.matrix([[1, 2]])", [[1, 2]]),
    ("np.matrix([[0.5, np.inf]])", [[0.5, None]]),
    ("np.longdouble('0.5')", 0.5),
    ("np.array([0.5, np.nan], 'g')", [0.5, None]),
    ("np.array([1, 'a', None, 2 ** 70, pd.NaT], object)", [1, "a", None, 2**70, None]),
    ("np.array([Point(1, 2), None], object)[:1].tolist()", [[1, 2]]),
    ("np.arange(6).reshape(2, 3).T", [[0, 3], [1, 4], [2, 5]]),
    ("np.zeros((0, 3))", []),
    # pandas
    ("pd.DataFrame({'day': pd.date_range('2024-01-01', periods=2)})",
     [{"day": "2024-01-01T00:00:00"}, {"day": "2024-01-02T00:00:00"}]),
    ("pd.DataFrame({'a': [1, None], 'b': [pd.NaT, pd.Timestamp('2024-01-01')]})",
     [{"a": 1.0, "b": None}, {"a": None, "b": "2024-01-01T00:00:00"}]),
    ("pd.DataFrame({'a': pd.array([1, None], 'Int64')})", [{"a": 1}, {"a": None}]),
    ("pd.DataFrame({'a': pd.Categorical(['x'])})", [{"a": "x"}]),
    ("pd.DataFrame([[1, 2]])", [{"0": 1, "1": 2}]),
    ("pd.DataFrame([[1]], columns=[pd.Timestamp('2024-01-01')])", [{"2024-01-01T00:00:00": 1}]),
    ("pd.Series([1, None], dtype='Int64')", [1, None]),
    ("pd.Series([1, 2], index=['columns', 'x'])", [1, 2]),
    ("pd.Series(['a', None])", ["a", None]),
    ("pd.Index([1, 2])", [1, 2]),
    ("pd.MultiIndex.from_tuples([(1, 'a')])", [[1, "a"]]),
    ("pd.date_range('2024-01-01', periods=1, tz='UTC')", ["2024-01-01T00:00:00+00:00"]),
    ("pd.Categorical(['a', None])", ["a", None]),
    ("{'rows': pd.DataFrame({'a': [2 ** 70]})}", {"rows": [{"a": 2**70}]}),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), RESULTS)
def test_a_result_is_written_as_json(server, expression, expected):
    response = server.score(expression)
    assert response.status_code == 200, response.text
    assert json.loads(response.content) == expected


def test_a_surrogate_is_written_as_pythons_json_writes_it(server):
    assert server.score("'\\ud83d'").content == json.dumps("\ud83d").encode()


def test_an_integer_of_any_size_is_written_whole(server):
    assert server.score("[10 ** 5000, {10 ** 5000: 1}]").text == (
        f'[1{"0" * 5000},{{"1{"0" * 5000}":1}}]'
    )


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("pd.DataFrame([[1, 2]], columns=['a', 'a'])", "the name of a column is repeated"),
        ("{'x': [pd.DataFrame([[1, 2]], columns=[1, '1'])]}", "the name of a column is repeated"),
        ("Opaque()", "a value of the type score.Opaque"),
        ("{'a': [Opaque()]}", "a value of the type score.Opaque"),
        ("1j", "a value of the type complex"),
        ("np.array([1j])", "a value of the type complex"),
        ("[np.complex64(1)]", "a value of the type numpy.complex64"),
        ("[np.bytes_(b'1')]", "a value of the type numpy.bytes_"),
        ("[b'bytes']", "a value of the type bytes"),
        ("(n for n in [1])", "a value of the type generator"),
        ("{(1, 2): 3}", "a key of the type tuple"),
        ("{b'a': 3}", "a value of the type bytes"),
        ("pd.DataFrame([[1]], columns=[('a', 'b')])", "a key of the type tuple"),
        ("{Box: 3}", "a value of the type type"),
        ("circle()", "nested too deeply, or contains itself"),
        ("deep(100_000)", "nested too deeply, or contains itself"),
        ("[Point(1, lambda: 0)]", "a value of the type function"),
    ],
)
def test_what_json_cannot_say_is_an_error_that_names_the_type(server, expression, reason):
    response = server.score(expression, headers={"x-request-id": "mine"})
    assert response.status_code == 500
    message = response.json()["message"]
    assert message.startswith("the result of run() cannot be written as JSON: ")
    assert message.endswith(reason)
    assert response.headers["x-ms-run-function-failed"] == "True"
    assert message in [line["message"] for line in server.lines() if line["level"] == "ERROR"]


@pytest.mark.parametrize(
    ("result", "datatype", "data"),
    [
        ("np.array([1.5], '>f8')", "FP64", [1.5]),
        ("np.array([np.nan], 'f4')", "FP32", [None]),
        ("np.array(['2024-01-02'], 'M8[D]')", "BYTES", ["2024-01-02"]),
        ("['a', 'b']", "BYTES", ["a", "b"]),
    ],
)
def test_tensors_of_results_follow_the_same_rules(serve, result, datatype, data):
    server = serve(f"""
        from typing import Annotated
        import numpy as np
        from scoring_server.types import Array
        def init(): pass
        def run(data: Annotated[np.ndarray, Array(shape=(None,))]): return {{1: {result}}}
    """)
    body = {"inputs": [{"name": "data", "shape": [1], "datatype": "FP64", "data": [1]}]}
    with server.client() as client:
        (output,) = client.post("/v2/models/model/infer", json=body).json()["outputs"]
    assert (output["name"], output["datatype"], output["data"]) == ("1", datatype, data)


def test_fields_of_a_named_tuple_are_not_taken_for_rows_of_joined_requests():
    from collections import namedtuple

    from scoring_server.worker.split import split

    assert split(namedtuple("Point", "x y")(1, 2), [1, 1]) is None
    assert split((1, 2), [1, 1]) == [(1,), (2,)]
