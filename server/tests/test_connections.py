"""Connections: how long they may wait, how many there may be, and what HTTP asks of them."""

import json
import socket
import struct
import time
from collections.abc import Iterator

import pytest

from server import KEY, ScoringServer

REQUEST = (
    "POST /score HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    f"authorization: Bearer {KEY}\r\ncontent-length: 3\r\n\r\n[1]"
)


@pytest.fixture
def connect() -> Iterator:
    opened: list[socket.socket] = []

    def connection(server: ScoringServer, text: str = "") -> socket.socket:
        made = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        opened.append(made)
        made.sendall(text.encode())
        return made

    yield connection
    for made in opened:
        made.close()


def read(connection: socket.socket, end: bytes = b"[1]") -> bytes:
    """What arrives until the end of an answer, or of the connection."""
    received = b""
    while not received.endswith(end):
        part = connection.recv(10_000)
        if not part:
            break
        received += part
    return received


def is_closed(connection: socket.socket, within_s: float) -> bool:
    connection.settimeout(within_s)
    try:
        return connection.recv(1000) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def test_a_head_that_trickles_is_given_up_while_an_idle_connection_stays(serve, connect):
    server = serve(header_timeout_ms=500)
    idle = connect(server, REQUEST)
    assert read(idle).endswith(b"[1]")
    slow = connect(server, REQUEST)
    assert read(slow).endswith(b"[1]")
    started = time.monotonic()
    try:
        while time.monotonic() - started < 5:
            slow.sendall(b"P")
            if is_closed(slow, 0.05):
                break
    except (BrokenPipeError, ConnectionResetError):
        pass
    assert time.monotonic() - started < 3
    idle.sendall(REQUEST.encode())
    assert read(idle).endswith(b"[1]")


def test_a_connection_that_says_nothing_is_closed(serve, connect):
    assert is_closed(connect(serve(header_timeout_ms=500)), 5)


def test_an_idle_connection_is_closed_after_the_setting(serve, connect):
    server = serve(idle_timeout_ms=500)
    idle = connect(server, REQUEST)
    read(idle)
    assert is_closed(idle, 5)


def test_beyond_the_limit_the_connection_that_waited_longest_makes_room(serve, connect):
    server = serve(max_connections=3)
    kept = []
    for _ in range(3):
        kept.append(connect(server, REQUEST))
        assert read(kept[-1]).endswith(b"[1]")
        time.sleep(0.02)
    kept[0].sendall(REQUEST.encode())
    read(kept[0])
    newcomer = connect(server, REQUEST)
    assert read(newcomer).endswith(b"[1]")
    assert is_closed(kept[1], 5)
    assert not is_closed(kept[0], 0.2)
    assert not is_closed(kept[2], 0.2)


def test_a_client_that_waits_for_leave_to_send_its_body_gets_it(echo, connect):
    head, body = REQUEST.replace("host: x", "host: x\r\nexpect: 100-continue").split("\r\n\r\n")
    connection = connect(echo, f"{head}\r\n\r\n")
    assert read(connection, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(body.encode())
    assert b" 200 " in read(connection)


def test_leave_to_send_is_not_given_without_a_key(echo, connect):
    head = REQUEST.replace("host: x", "host: x\r\nexpect: 100-continue").split("\r\n\r\n")[0]
    connection = connect(echo, f"{head.replace(KEY, 'wrong')}\r\n\r\n")
    assert connection.recv(10_000).startswith(b"HTTP/1.1 401 ")


def test_requests_sent_at_once_are_answered_in_order(echo, connect):
    bodies = ["[1]", "[2]", "[3]"]
    connection = connect(echo, "".join(REQUEST.replace("[1]", body) for body in bodies))
    received = read(connection, b"[3]")
    assert [received.index(body.encode()) for body in bodies] == sorted(
        received.index(body.encode()) for body in bodies
    )
    assert received.count(b"HTTP/1.1 200 ") == 3


def test_a_client_that_does_not_read_is_not_answered_without_end(serve, connect):
    server = serve(access_log="false")
    slow = connect(server)
    slow.settimeout(1)
    sent = 0
    try:
        for _ in range(2_000):
            slow.sendall((REQUEST * 50).encode())
            sent += 50
    except TimeoutError:
        pass
    # The rest of them waits in the socket, not in the memory of the server.
    assert sent < 100_000
    assert server.score([2]).json() == [2]


def test_http_1_0_is_answered_and_closed(echo, connect):
    connection = connect(echo, REQUEST.replace("HTTP/1.1", "HTTP/1.0"))
    assert b" 200 " in read(connection)
    assert is_closed(connection, 5)


def test_a_head_request_is_answered_without_a_body(echo):
    with echo.client() as client:
        head, page = client.head("/docs"), client.get("/docs")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(page.content))


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_leaves_the_connection_usable(serve, connect, status):
    server = serve(f"""
        from scoring_server.types import Response
        def init(): pass
        def run(raw_data): return Response(b"", {status})
    """)
    connection = connect(server, REQUEST)
    for _ in range(2):
        assert f" {status} ".encode() in read(connection, b"\r\n\r\n")
        connection.sendall(REQUEST.encode())


def test_a_request_whose_caller_left_while_it_waited_is_not_scored(serve, connect):
    server = serve("""
        import json, time
        scored = []
        def init(): pass
        def run(raw_data):
            scored.append(raw_data)
            time.sleep(json.loads(raw_data)[0])
            return scored
    """, queue_wait_ms=10_000, workers=1, concurrency=2)  # fmt: skip
    slow = [connect(server, REQUEST.replace("[1]", "[0.8]").replace(": 3", ": 5")) for _ in "ab"]
    time.sleep(0.3)
    connect(server, REQUEST.replace("[1]", "[9]")).close()
    for connection in slow:
        read(connection, b"]")
    scored = server.score([0]).json()
    assert json.dumps([9]) not in scored
    assert 'scoring_requests_total{status="499"} 1.0' in server.metrics()


@pytest.mark.parametrize("reset", [False, True])
def test_a_caller_that_leaves_in_its_body_is_counted_and_forgotten(serve, connect, reset):
    server = serve()
    connection = connect(server, REQUEST.replace(": 3", ": 9"))
    time.sleep(0.1)
    if reset:
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()
    time.sleep(0.1)
    metrics = server.metrics()
    assert 'scoring_requests_total{status="499"} 1.0' in metrics
    assert "scoring_requests_in_flight 0.0" in metrics
    assert server.score([1]).json() == [1]


def test_what_is_not_http_is_answered_counted_and_logged_in_one_line(serve, connect):
    server = serve()
    assert b" 400 " in read(connect(server, "\x16\x03\x01 not a request\r\n\r\n"), b"nothing")
    assert 'scoring_requests_total{status="400"} 1.0' in server.metrics()
    (line,) = [
        line for line in server.lines() if line["message"].startswith("invalid HTTP request")
    ]
    assert (line["level"], line["status"]) == ("WARNING", 400)


def test_a_flood_of_headers_is_refused(echo, connect):
    head = "POST /score HTTP/1.1\r\nhost: x\r\n" + "a: b\r\n" * 5000 + "\r\n"
    assert b" 431 " in connect(echo, head).recv(1000)


HIDDEN = (
    f"POST /score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
    'content-length: 9\r\n\r\n"hidden!"'
)


@pytest.mark.parametrize(
    "head",
    [
        "content-length: 1\r\ncontent-length: 2\r\n",
        "content-length: 3\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "content-length: +3\r\n",
        "content-length : 3\r\n",
    ],
)
def test_ambiguous_lengths_do_not_smuggle_a_second_request(echo, connect, head):
    key = f"authorization: Bearer {KEY}\r\n"
    text = f"POST /score HTTP/1.1\r\nhost: x\r\n{key}{head}\r\n0\r\n\r\n{HIDDEN}"
    connection = connect(echo, text)
    connection.settimeout(1)
    received = b""
    try:
        while data := connection.recv(10_000):
            received += data
    except (TimeoutError, ConnectionResetError):
        pass
    if "transfer-encoding: chunked\r\n" in head:
        # RFC 9112 lets the transfer coding win, provided that the connection is not used again.
        assert received.count(b"HTTP/1.1 ") <= 2
    else:
        assert b"hidden!" not in received


@pytest.mark.parametrize("path", ["/score", "/docs", "/nowhere", "example.com:443"])
def test_what_follows_a_refused_tunnel_is_not_a_request(echo, connect, path):
    key = f"authorization: Bearer {KEY}\r\n"
    head = f"CONNECT {path} HTTP/1.1\r\nhost: x\r\n{key}content-length: {len(HIDDEN)}\r\n\r\n"
    received = read(connect(echo, head + HIDDEN), b"hidden!")
    assert received.count(b"HTTP/1.1 ") == 1
    assert b"hidden!" not in received
