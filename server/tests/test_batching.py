"""Requests that wait are joined, and nobody notices."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

UNCHANGED = """
    import json, os, time
    import numpy as np
    calls = []
    def init(): pass
    def run(raw_data):
        rows = json.loads(raw_data)["data"]
        if rows == "calls": return calls
        data = np.array(rows)
        calls.append(len(data))
        time.sleep(0.03)
        if (data == 666).any(): raise ValueError("poison")
        if (data == 667).any(): os._exit(1)
        if (data == 668).any(): time.sleep(30)
        RETURN
"""
TYPED = """
    import time
    import numpy as np
    from typing import Annotated
    from scoring_server.types import Array
    calls = []
    def init(): pass
    def run(data: Annotated[np.ndarray, Array(shape=(None, 2))]):
        calls.append(len(data))
        if (data == 0).all(): return calls
        time.sleep(0.03)
        if (data == 666).any(): raise ValueError("poison")
        return data.sum(axis=1)
"""
RETURNS = {
    "list": "return data.sum(axis=1).tolist()",
    "array": "return data.sum(axis=1)",
    "mapping": "return {'result': data.sum(axis=1).tolist()}",
    "text": "return json.dumps({'result': data.sum(axis=1).tolist()})",
    "frame": "import pandas as pd; return pd.DataFrame({'sum': data.sum(axis=1)})",
    "total": "return float(data.sum())",
}


def expected(kind: str, rows: list) -> object:
    sums = [float(sum(row)) for row in rows]
    return {
        "mapping": {"result": sums},
        "text": json.dumps({"result": sums}),
        "frame": [{"sum": value} for value in sums],
        "total": sum(sums),
    }.get(kind, sums)


def bodies(count: int) -> list:
    numbers = random.Random(count)
    return [
        [[numbers.uniform(1, 9), numbers.uniform(1, 9)] for _ in range(numbers.randint(1, 3))]
        for _ in range(count)
    ]


def score_all(server, all_rows: list) -> list:
    with ThreadPoolExecutor(len(all_rows)) as threads:
        return list(threads.map(lambda rows: server.score({"data": rows}), all_rows))


@pytest.mark.parametrize("kind", RETURNS)
def test_every_caller_gets_its_own_rows(serve, kind):
    server = serve(UNCHANGED.replace("RETURN", RETURNS[kind]), batch="on", queue_wait_ms=20_000)
    all_rows = bodies(24)
    for rows, response in zip(all_rows, score_all(server, all_rows), strict=True):
        assert response.status_code == 200, response.text
        got = response.json()
        wanted = expected(kind, rows)
        if kind == "text":
            got, wanted = json.loads(got), json.loads(wanted)
        if kind in ("mapping", "text"):
            got, wanted = got["result"], wanted["result"]
        if kind == "frame":
            got, wanted = [row["sum"] for row in got], [row["sum"] for row in wanted]
        np.testing.assert_allclose(got, wanted)
    calls = server.score({"data": "calls"}).json()
    joined = len(calls) < len(all_rows)
    assert joined or kind == "total", calls


def test_without_the_setting_nothing_is_joined(serve):
    script = UNCHANGED.replace("RETURN", RETURNS["list"])
    server = serve(script, queue_wait_ms=20_000)
    all_rows = bodies(8)
    score_all(server, all_rows)
    assert sorted(server.score({"data": "calls"}).json()) == sorted(map(len, all_rows))


@pytest.mark.parametrize("script", [UNCHANGED.replace("RETURN", RETURNS["list"]), TYPED])
def test_a_bad_request_fails_alone(serve, script):
    server = serve(script, batch="on", queue_wait_ms=20_000)
    all_rows = [[[1.0, float(i)]] for i in range(20)]
    all_rows[7], all_rows[13] = [[666.0, 1.0]], [["x", 1.0]]
    responses = score_all(server, all_rows)
    failed = [i for i, response in enumerate(responses) if response.status_code != 200]
    assert failed == [7, 13]
    good = [i for i in range(20) if i not in failed]
    assert [responses[i].json() for i in good] == [[1.0 + i] for i in good]


def test_a_request_that_crashes_or_hangs_the_call_fails_alone(serve):
    script = UNCHANGED.replace("RETURN", RETURNS["list"])
    server = serve(script, batch="on", queue_wait_ms=20_000, timeout_ms=500)
    all_rows = [[[1.0, float(i)]] for i in range(12)]
    all_rows[5], all_rows[8] = [[667.0, 1.0]], [[668.0, 1.0]]
    responses = score_all(server, all_rows)
    statuses = {i: response.status_code for i, response in enumerate(responses)}
    assert statuses == {i: {5: 500, 8: 504}.get(i, 200) for i in range(12)}


def test_numbers_of_joined_bodies_keep_every_digit(serve):
    server = serve("""
        import json, time
        def init(): pass
        def run(raw_data):
            time.sleep(0.02)
            body = json.loads(raw_data, parse_float=str, parse_int=str)
            return [repr(row) for row in body["data"]]
    """, batch="on", queue_wait_ms=20_000)  # fmt: skip
    numbers = [
        "0.1000000000000000055511151231257827",
        "1E400",
        "-0",
        "123456789012345678901234567890",
    ]
    texts = [f'{{"data": [[{number}]]}}'.encode() for number in numbers * 4]
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda text: server.score(text).json(), texts))
    assert answers == [[repr([number])] for number in numbers * 4]


def test_rows_of_different_width_are_not_joined(serve):
    script = UNCHANGED.replace("RETURN", RETURNS["list"])
    server = serve(script, batch="on", queue_wait_ms=20_000)
    all_rows = [[[1.0] * (1 + i % 2)] for i in range(12)]
    responses = score_all(server, all_rows)
    assert [response.json() for response in responses] == [[float(1 + i % 2)] for i in range(12)]


def test_the_rows_of_one_call_are_limited(serve):
    script = UNCHANGED.replace("RETURN", RETURNS["list"])
    server = serve(script, batch="on", batch_rows=4, queue_wait_ms=20_000)
    score_all(server, [[[1.0, 2.0]]] * 16)
    assert max(server.score({"data": "calls"}).json()) <= 4


def test_a_body_that_names_its_rows_twice_is_scored_alone_and_as_it_is(serve):
    server = serve(UNCHANGED.replace("RETURN", RETURNS["list"]), batch="on", queue_wait_ms=20_000)
    twice = b'{"data": [[1, 2]], "data": [[3, 4], [5, 6]]}'
    with ThreadPoolExecutor(6) as threads:
        others = [threads.submit(server.score, {"data": [[n, n]]}) for n in range(5)]
        assert threads.submit(server.score, twice).result().json() == [7.0, 11.0]
        assert [other.result().json() for other in others] == [[2.0 * n] for n in range(5)]
