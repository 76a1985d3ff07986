"""The scripts and requests that both servers get, and where their answers may differ."""

import gzip

from scripts import Request, Script

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


def _expression(code: str, **options: object) -> Request:
    body = f'{{"expression": "{code}"}}'.encode()
    return Request(code, body=body, **options)


def _raw(code: str, **options: object) -> Request:
    return Request(code, body=code.encode(), **options)


REQUESTS = [
    Request("text of the body"),
    Request("object", body=b'{"echo": {"a": [1, 2.5, "x", null, true]}}'),
    Request("text result", body=b'{"str": 1}'),
    Request("nothing", body=b'{"none": 1}'),
    Request("tuple", body=b'{"tuple": [1, 2]}'),
    Request("unicode", body='{"echo": "\u00e4\u2603"}'.encode()),
    Request("large integer", body=b'{"big": 100}'),
    Request("exception", body=b'{"raise": 1}', status=500),
    Request("unknown path", path="/nothing", status=404),
    Request("method PUT", method="PUT", status=405),
    Request("method DELETE", method="DELETE", status=405),
    Request("no content type", headers={"content-type": ""}),
    Request("text", headers={"content-type": "text/plain"}),
    Request("charset", headers={"content-type": "application/json; charset=utf-8"}),
    Request("no key", headers={"authorization": ""}, difference="no-key"),
    Request("GET", method="GET", path="/score?echo=1", body=b"", difference="get"),
    Request("OPTIONS", method="OPTIONS", body=b"", difference="options"),
    Request("not JSON", body=b"{", difference="invalid-json"),
    Request("form", headers={"content-type": "application/x-www-form-urlencoded"},
         difference="form"),
    Request("not UTF-8", body=b"\xff", headers={"content-type": "application/octet-stream"},
         difference="binary"),
    Request("timeout", body=b'{"sleep": 2}', difference="timeout"),
    Request("bytes result", body=b'{"bytes": 1}', difference="bytes-result"),
    Request("array result", body=b'{"numpy": [1]}', difference="array-result"),
    Request("frame result", body=b'{"frame": [{"a": 1}]}', difference="array-result"),
    Request("NaN result", body=b'{"nan": 1}', difference="nan"),
    Request("root", method="GET", path="/", body=b"", difference="root"),
    Request("long id", headers={"x-request-id": "a" * 101}, difference="long-id"),
    Request("large body", body=b"[" + b" " * (11 << 20) + b"1]", difference="large-body"),
    # Bodies
    Request("byte order mark", body=b'\xef\xbb\xbf{"str": 1}', difference="byte-order-mark"),
    Request("JSON that is not UTF-8", body=b'{"d\xe9": 1}', status=400),
    Request("text that is not UTF-8", body=b"\xff", headers={"content-type": "text/csv"},
         status=400),
    Request("another charset", body=b'{"echo": "\xe9"}',
         headers={"content-type": "application/json; charset=iso-8859-1"}, difference="charset"),
    Request("unknown charset", headers={"content-type": "text/plain; charset=none"},
         difference="unknown-charset"),
    Request("gzip", body=gzip.compress(b"[1, 2]"), headers={"content-encoding": "gzip"},
         difference="gzip"),
    Request("br", headers={"content-encoding": "br"}, difference="other-encoding"),
    Request("kind of JSON", headers={"content-type": "application/vnd.x+json"}),
    Request("text/json", headers={"content-type": "text/json"}),
    Request("v1's description", method="GET", path="/api/v1/service/any/swagger.json", body=b"",
         difference="service-path"),
    # The script's surroundings
    Request("faulty logging call", body=b'{"log": 1}'),
    Request("streams", body=b'{"output": 1}'),
    Request("file in the working folder", body=b'{"write": "x"}'),
    _expression("__import__('getpass').getuser() != ''"),
    _expression("headers['Content-Type']"),
    _expression("headers['content-type']", difference="headers-in-any-case"),
    _expression("sorted(name for name in headers if name != 'User-Agent')"),
    # Results
    _expression("Point(1, 2)"),
    _expression("[{0.5: 1, True: 2, None: 3}, {np.float64(0.5): 1}]"),
    _expression("{np.int64(1): 2}", difference="other-result"),
    _expression("{float('nan'): 1}", difference="nan"),
    _expression("chr(0xd83d)"),
    _expression("nested(300)"),
    _expression("[2 ** 70, -2 ** 64]"),
    _expression("10 ** 5000", difference="other-result"),
    _expression("[float('inf')]", difference="nan"),
    _expression("np.float64(0.5)"),
    _expression("np.float32(0.5)", difference="other-result"),
    _expression("datetime.date(2024, 1, 2)", difference="other-result"),
    _expression("pd.Timestamp(0)", difference="other-result"),
    _expression("decimal.Decimal('0.5')", difference="other-result"),
    _expression("{1, 2}", difference="other-result"),
    _expression("object()", status=500),
    _expression("[b'']", status=500),
    _expression("{(1, 2): 3}", status=500),
    _expression("pd.DataFrame([[1, 2]], columns=['a', 'a'])", status=500),
]  # fmt: skip

OWN = [
    Request("GET", method="GET", path="/score?a=b", body=b""),
    _raw("len(request.get_data())"),
    _raw("AMLResponse('no model', 500, run_function_failed=True)", status=500),
    _raw("AMLResponse('no', 404)", status=404),
    _raw("AMLResponse({'n': 1}, 200, json_str=True)"),
    _raw("AMLResponse('a', 200, {'x-own': '1,2'}, False, True)"),
    _raw("request.headers['CONTENT-type']"),
]

GROUPS = [
    Script("all kinds of results and bodies", tuple(REQUESTS), text=DEEDS, timeout_ms=1000),
    Script("requests and responses of a script's own", tuple(OWN), text=RAWHTTP),
    Script("annotations that cannot be resolved", (Request("string"),), text=ANNOTATED),
    Script("init and run in one function", (Request("string"),), text=CHAINED),
    Script("async functions", (Request("awaited", difference="async"),), text=ASYNC),
    Script(
        "a parameter that nothing fills", (), text=UNFILLED, starts=False, difference="unfilled"
    ),
]
