"""The scripts and requests that both servers get, and where their answers may differ."""

import gzip
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

DEEDS = """
import collections
import datetime
import decimal
import faulthandler
import json
import logging
import os
import subprocess
import sys
import time
import numpy as np
import pandas as pd

Point = collections.namedtuple("Point", "x y")

def init():
    pass

def nested(levels):
    return [] if levels == 0 else [nested(levels - 1)]

def log(given):
    logging.info("characters:", given)
    return "ok"

def output(given):
    faulthandler.enable()
    sys.stdout.buffer.flush()
    subprocess.run(["echo", "from a child"], stdout=sys.stdout)
    return [sys.stdout.fileno() > 0, sys.stderr.writable()]

def write(given):
    with open("last.txt", "w") as file:
        file.write(given)
    return os.path.exists("last.txt")

def run(raw_data, request_headers):
    deeds = {
        "echo": lambda given: given, "str": lambda given: str(given),
        "bytes": lambda given: b"ab", "numpy": lambda given: np.array(given),
        "frame": lambda given: pd.DataFrame(given), "nan": lambda given: float("nan"),
        "tuple": lambda given: tuple(given), "none": lambda given: None,
        "raise": lambda given: 1 / 0, "sleep": lambda given: time.sleep(given),
        "exit": lambda given: exit(0), "big": lambda given: 2 ** given,
        "expression": lambda given: eval(given, globals(), {"headers": request_headers}),
        "log": log, "output": output, "write": write,
    }
    if raw_data[:1] in ("[", "", b"\\xff") or isinstance(raw_data, bytes):
        return [type(raw_data).__name__, len(raw_data)]
    deed, given = json.loads(raw_data).popitem()
    return deeds[deed](given)
"""
RAWHTTP = """
from azureml_inference_server_http.api.aml_request import AMLRequest, rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse

def init():
    pass

@rawhttp
def run(request):
    if request.method == "GET":
        return AMLResponse(request.args["a"], 200)
    return eval(request.get_data().decode())
"""
ANNOTATED = """
from __future__ import annotations
import json
from typing import TYPE_CHECKING
import numpy as np
if TYPE_CHECKING:
    import pandas as pd

def init():
    pass

def run(raw_data: np.ndarray) -> pd.DataFrame:
    return [type(raw_data).__name__, json.loads(raw_data)]
"""
CHAINED = """
def both(raw_data=None, other=2):
    return [raw_data, other]

init = run = both
"""
ASYNC = """
async def init():
    global value
    value = 3

async def run(raw_data):
    return value
"""
UNFILLED = """
def init():
    pass

def run(raw_data, other):
    return [raw_data, other]
"""


class Case(NamedTuple):
    """A request, and how the two answers may differ."""

    name: str
    method: str = "POST"
    path: str = "/score"
    body: bytes = b"[1, 2]"
    headers: Mapping[str, str] = MappingProxyType({})
    difference: tuple[int, int] | None = None
    """Status of the reference and ours, if they should differ; `None` requires the same answer."""


class Group(NamedTuple):
    """A script and its requests."""

    name: str
    script: str
    cases: list[Case]
    starts: bool = True
    """Whether ours starts; Azure ML's server always does."""


def _expression(code: str, difference: tuple[int, int] | None = None) -> Case:
    body = f'{{"expression": "{code}"}}'.encode()
    return Case(code, body=body, difference=difference)


def _raw(code: str, difference: tuple[int, int] | None = None) -> Case:
    return Case(code, body=code.encode(), difference=difference)


REQUESTS = [
    Case("text of the body"),
    Case("object", body=b'{"echo": {"a": [1, 2.5, "x", null, true]}}'),
    Case("text result", body=b'{"str": 1}'),
    Case("nothing", body=b'{"none": 1}'),
    Case("tuple", body=b'{"tuple": [1, 2]}'),
    Case("unicode", body='{"echo": "\u00e4\u2603"}'.encode()),
    Case("large integer", body=b'{"big": 100}'),
    Case("exception", body=b'{"raise": 1}'),
    Case("unknown path", path="/nothing"),
    Case("method PUT", method="PUT"),
    Case("method DELETE", method="DELETE"),
    Case("no content type", headers={"content-type": ""}),
    Case("text", headers={"content-type": "text/plain"}),
    Case("charset", headers={"content-type": "application/json; charset=utf-8"}),
    Case("no key", headers={"authorization": ""}, difference=(200, 401)),
    Case("GET", method="GET", path="/score?echo=1", body=b"", difference=(200, 405)),
    Case("OPTIONS", method="OPTIONS", body=b"", difference=(200, 405)),
    Case("not JSON", body=b"{", difference=(500, 400)),
    Case("form", headers={"content-type": "application/x-www-form-urlencoded"},
         difference=(200, 415)),
    Case("not UTF-8", body=b"\xff", headers={"content-type": "application/octet-stream"},
         difference=(400, 200)),
    Case("timeout", body=b'{"sleep": 2}', difference=(500, 504)),
    Case("bytes result", body=b'{"bytes": 1}', difference=(500, 200)),
    Case("array result", body=b'{"numpy": [1]}', difference=(500, 200)),
    Case("frame result", body=b'{"frame": [{"a": 1}]}', difference=(500, 200)),
    Case("NaN result", body=b'{"nan": 1}', difference=(200, 200)),
    Case("root", method="GET", path="/", body=b"", difference=(200, 404)),
    Case("long id", headers={"x-request-id": "a" * 101}, difference=(431, 200)),
    Case("large body", body=b"[" + b" " * (11 << 20) + b"1]", difference=(200, 413)),
    # Bodies
    Case("byte order mark", body=b'\xef\xbb\xbf{"str": 1}', difference=(500, 200)),
    Case("JSON that is not UTF-8", body=b'{"d\xe9": 1}'),
    Case("text that is not UTF-8", body=b"\xff", headers={"content-type": "text/csv"}),
    Case("another charset", body=b'{"echo": "\xe9"}',
         headers={"content-type": "application/json; charset=iso-8859-1"}, difference=(400, 200)),
    Case("unknown charset", headers={"content-type": "text/plain; charset=none"},
         difference=(200, 415)),
    Case("gzip", body=gzip.compress(b"[1, 2]"), headers={"content-encoding": "gzip"},
         difference=(400, 200)),
    Case("br", headers={"content-encoding": "br"}, difference=(200, 415)),
    Case("kind of JSON", headers={"content-type": "application/vnd.x+json"}),
    Case("text/json", headers={"content-type": "text/json"}),
    Case("v1's description", method="GET", path="/api/v1/service/any/swagger.json", body=b"",
         difference=(404, 200)),
    # The script's surroundings
    Case("faulty logging call", body=b'{"log": 1}'),
    Case("streams", body=b'{"output": 1}'),
    Case("file in the working folder", body=b'{"write": "x"}'),
    _expression("__import__('getpass').getuser() != ''"),
    _expression("headers['Content-Type']"),
    _expression("headers['content-type']", difference=(500, 200)),
    _expression("sorted(name for name in headers if name != 'User-Agent')"),
    # Results
    _expression("Point(1, 2)"),
    _expression("[{0.5: 1, True: 2, None: 3}, {np.float64(0.5): 1}]"),
    _expression("{np.int64(1): 2}", difference=(500, 200)),
    _expression("{float('nan'): 1}", difference=(200, 200)),
    _expression("chr(0xd83d)"),
    _expression("nested(300)"),
    _expression("[2 ** 70, -2 ** 64]"),
    _expression("10 ** 5000", difference=(500, 200)),
    _expression("[float('inf')]", difference=(200, 200)),
    _expression("np.float64(0.5)"),
    _expression("np.float32(0.5)", difference=(500, 200)),
    _expression("datetime.date(2024, 1, 2)", difference=(500, 200)),
    _expression("pd.Timestamp(0)", difference=(500, 200)),
    _expression("decimal.Decimal('0.5')", difference=(500, 200)),
    _expression("{1, 2}", difference=(500, 200)),
    _expression("object()"),
    _expression("[b'']"),
    _expression("{(1, 2): 3}"),
    _expression("pd.DataFrame([[1, 2]], columns=['a', 'a'])"),
]  # fmt: skip

GROUPS = [
    Group("run(raw_data)", DEEDS, REQUESTS),
    Group("@rawhttp", RAWHTTP, [
        Case("GET", method="GET", path="/score?a=b", body=b""),
        _raw("len(request.get_data())"),
        _raw("AMLResponse('no model', 500, run_function_failed=True)"),
        _raw("AMLResponse('no', 404)"),
        _raw("AMLResponse({'n': 1}, 200, json_str=True)"),
        _raw("AMLResponse('a', 200, {'x-own': '1,2'}, False, True)"),
        _raw("request.headers['CONTENT-type']"),
    ]),
    Group("annotations", ANNOTATED, [Case("string")]),
    Group("init and run in one", CHAINED, [Case("string")]),
    Group("async", ASYNC, [Case("awaited", difference=(500, 200))]),
    Group("a parameter that nothing fills", UNFILLED, [], starts=False),
]  # fmt: skip
