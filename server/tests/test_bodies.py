"""Bodies with byte order marks, charsets, compression and other media types, and broken ones."""

import gzip
import json
import socket
import zlib

import pytest

from server import KEY, ScoringServer

BOM = b"\xef\xbb\xbf"
NOT_UTF8 = b'{"d\xe9":1}'
UNTYPED = """
    import json
    def init(): pass
    def run(raw_data):
        assert isinstance(raw_data, str), type(raw_data)
        return json.loads(raw_data)
"""
TYPED = """
    from typing import Annotated
    import numpy as np
    from scoring_server.types import Array
    def init(): pass
    def run(data: Annotated[np.ndarray, Array(shape=(None,))]): return data
"""
DECORATED = """
    import sys, types
    package, util = types.ModuleType("inference_schema"), types.ModuleType("u")
    util.is_schema_decorated = lambda run: True
    util.get_input_schema = util.get_output_schema = lambda run: {}
    sys.modules["inference_schema"] = package
    sys.modules["inference_schema.schema_util"] = util
    def init(): pass
    def run(data): return data
"""
BODY = {"data": [1, 2]}
TENSOR = {"inputs": [{"name": "data", "shape": [2], "datatype": "FP64", "data": [1, 2]}]}


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    made = {
        name: ScoringServer(
            tmp_path_factory.mktemp(name) / "server", script, max_body_bytes=10_000, **settings
        ).start()
        for name, script, settings in (
            ("untyped", UNTYPED, {}),
            ("joined", UNTYPED, {"batch": "on"}),
            ("typed", TYPED, {}),
            ("decorated", DECORATED, {}),
        )
    }
    yield made
    for server in made.values():
        server.remove()


KINDS = ["untyped", "joined", "typed", "decorated"]


def send(server, body, path="/score", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with server.client() as client:
        return client.post(path, content=body, headers=headers)


def answer_of(kind):
    return BODY if kind in ("untyped", "joined") else BODY["data"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_byte_order_mark_is_left_out(servers, kind):
    response = send(servers[kind], BOM + json.dumps(BODY).encode())
    assert (response.status_code, response.json()) == (200, answer_of(kind))


def test_text_of_other_types_is_given_without_its_byte_order_mark(serve):
    server = serve("def init(): pass\ndef run(raw_data): return raw_data")
    for content_type in ("text/csv", "text/plain", "text/plain; charset=utf-8"):
        assert send(server, BOM + b"a,b", content_type=content_type).json() == "a,b"


@pytest.mark.parametrize("body", [NOT_UTF8, b'{"data": ["\xff"]}', b"\xff", b'["\xed\xa0\x80"]'])
@pytest.mark.parametrize("kind", KINDS)
def test_json_that_is_not_utf_8_is_the_callers_fault(servers, kind, body):
    response = send(servers[kind], body)
    assert response.status_code == 400, response.text


def test_tensors_that_are_not_utf_8_are_the_callers_fault(servers):
    response = send(servers["typed"], NOT_UTF8, "/v2/models/model/infer")
    assert response.status_code == 400
    assert response.json()["error"] == response.json()["message"]


def test_text_that_is_not_utf_8_is_the_callers_fault(servers):
    assert send(servers["untyped"], b"\xff", content_type="text/csv").status_code == 400


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("utf-8", "utf-8"), ('"UTF-8"', "utf-8"), ("iso-8859-1", "latin-1"), ("utf-16", "utf-16"),
     ("windows-1252", "cp1252"), ("us-ascii", "ascii")],
)  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_a_body_is_read_in_its_charset(servers, kind, charset, codec):
    body = json.dumps(BODY, ensure_ascii=False).encode(codec)
    response = send(servers[kind], body, content_type=f"application/json; charset={charset}")
    assert (response.status_code, response.json()) == (200, answer_of(kind))


def test_letters_keep_their_meaning_in_another_charset(servers):
    body = '{"d\u00e9": 1}'.encode("latin-1")
    response = send(servers["untyped"], body, content_type="application/json; charset=ISO-8859-1")
    assert response.json() == {"d\u00e9": 1}


@pytest.mark.parametrize("charset", ["nonsense", "rot13", "zlib", "punycode", "utf-7"])
def test_an_unknown_charset_is_refused(servers, charset):
    response = send(servers["untyped"], b"{}", content_type=f"application/json; charset={charset}")
    assert response.status_code == 415
    assert charset in response.json()["message"]


def test_a_body_that_is_not_valid_in_its_charset_is_the_callers_fault(servers):
    response = send(servers["untyped"], b"a", content_type="application/json; charset=utf-16")
    assert response.status_code == 400


def test_binary_data_has_no_charset(serve):
    server = serve("def init(): pass\ndef run(raw_data: bytes): return raw_data.hex()")
    kind = "application/octet-stream; charset=binary"
    assert send(server, b"\xff", content_type=kind).json() == "ff"


def raw_deflate(body):
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


COMPRESSIONS = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("GZIP", lambda body: gzip.compress(body[:3]) + gzip.compress(body[3:])),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("identity", bytes),
]


@pytest.mark.parametrize(("encoding", "compress"), COMPRESSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_compressed_body_is_decompressed(servers, kind, encoding, compress):
    body = compress(json.dumps(BODY).encode())
    response = send(servers[kind], body, content_encoding=encoding)
    assert (response.status_code, response.json()) == (200, answer_of(kind))


def test_compressed_tensors_are_decompressed(servers):
    body = gzip.compress(json.dumps(TENSOR).encode())
    response = send(servers["typed"], body, "/v2/models/model/infer", content_encoding="gzip")
    assert response.json()["outputs"][0]["data"] == [1, 2]


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br"])
def test_another_compression_is_refused_with_those_that_are_accepted(servers, encoding):
    response = send(servers["untyped"], b"{}", content_encoding=encoding)
    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    "body", [b"", b"{}", gzip.compress(b"[1]")[:-4], gzip.compress(b"[1]") + b"x"]
)
def test_a_body_that_is_not_compressed_as_it_says_is_the_callers_fault(servers, body):
    response = send(servers["untyped"], body, content_encoding="gzip")
    assert response.status_code == 400


def test_a_compressed_body_is_limited_by_what_it_becomes(servers):
    fits, large = json.dumps("a" * 9_900).encode(), json.dumps("a" * 50_000_000).encode()
    response = send(servers["untyped"], gzip.compress(fits), content_encoding="gzip")
    assert response.status_code == 200
    response = send(servers["untyped"], gzip.compress(large)[:9_000], content_encoding="gzip")
    assert response.status_code == 413


def test_rawhttp_gets_a_body_as_it_was_sent(serve):
    server = serve("""
        import gzip
        from azureml.contrib.services.aml_request import rawhttp
        def init(): pass
        @rawhttp
        def run(request):
            body = gzip.decompress(request.get_data())
            return [request.headers["Content-Encoding"], body.decode()]
    """)
    response = send(server, gzip.compress(b"abc"), content_encoding="gzip")
    assert response.json() == ["gzip", "abc"]


def test_a_script_is_not_told_of_the_compression_that_its_body_no_longer_has(serve):
    server = serve("""
        def init(): pass
        def run(raw_data, request_headers): return ["content-encoding" in request_headers, raw_data]
    """)
    response = send(server, gzip.compress(b"[1]"), content_encoding="gzip")
    assert response.json() == [False, "[1]"]


@pytest.mark.parametrize(
    "content_type",
    ["application/vnd.x+json", "application/problem+json; charset=utf-8", "text/json",
     "Application/LD+JSON"],
)  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_all_kinds_of_json_are_json(servers, kind, content_type):
    body = json.dumps(BODY).encode()
    response = send(servers[kind], body, content_type=content_type)
    assert (response.status_code, response.json()) == (200, answer_of(kind))
    assert send(servers[kind], b"{", content_type=content_type).status_code == 400


@pytest.mark.parametrize("content_type", ["image/svg+xml", "application/xml", "x+json"])
def test_other_types_are_still_refused(servers, content_type):
    assert send(servers["untyped"], b"{}", content_type=content_type).status_code == 415


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(
    "chunks", [[b"zz\r\n"], [b"2\r\n{}\r\n", b"zz\r\n"], [b"2\r\n{}", b"zz"], [b"-1\r\n"]]
)
def test_a_bad_chunk_is_refused_at_once_wherever_it_stands(servers, chunks, apart):
    head = (
        f"POST /score HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {KEY}\r\n"
        "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", servers["untyped"].port)) as client:
        client.settimeout(5)
        for part in [head, *chunks] if apart else [b"".join([head, *chunks])]:
            client.sendall(part)
            try:
                client.settimeout(0.3)
                answer = client.recv(65_536)
                break
            except TimeoutError:
                continue
        else:
            client.settimeout(5)
            answer = client.recv(65_536)
    assert answer.split(b" ")[1] == b"400"


def test_v1s_address_of_the_description_answers(serve):
    server = serve(SERVICE_NAME="svc")
    with server.client() as client:
        described = client.get("/api/v1/service/svc/swagger.json")
        assert described.json() == client.get("/swagger.json").json()
        third = client.get("/api/v1/service/svc/swagger.json?version=3").json()
        assert third["openapi"].startswith("3.")
        assert client.get("/api/v1/service/other/swagger.json").status_code == 404


def test_a_service_without_a_name_has_v1s_addresses_for_any_name(servers):
    with servers["untyped"].client() as client:
        assert client.get("/api/v1/service/any/swagger.json").status_code == 200
        assert client.get("/api/v1/service//swagger.json").status_code == 404
        assert client.get("/api/v1/service/any/more/swagger.json").status_code == 404
        assert client.post("/api/v1/service/any/score", content=b"{}").status_code == 200


def test_the_only_version_of_the_model_has_addresses_of_its_own(servers):
    with servers["typed"].client() as client:
        for path in ("", "/ready"):
            assert client.get(f"/v2/models/model/versions/1{path}").status_code == 200
            assert client.get(f"/v2/models/model/versions/2{path}").status_code == 404
        answer = client.post("/v2/models/model/versions/1/infer", json=TENSOR)
        assert answer.json()["model_version"] == "1"
        assert client.post("/v2/models/model/versions/2/infer", json=TENSOR).status_code == 404
        assert "model_version" not in client.post("/v2/models/model/infer", json=TENSOR).json()
