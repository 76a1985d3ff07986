"""What the server relies on in aiohttp and what its documentation does not promise.

Each test names one thing. One that fails after an update of aiohttp says which part of the server
to look at; what that part gains is written beside it and in docs/adr/0001-scoring-server.md.
"""

import asyncio
import os
import subprocess
import sys

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_writer import StreamWriter
from aiohttp.streams import StreamReader
from aiohttp.web_server import Server
from multidict import CIMultiDict

from server import SERVER

ISOLATED = {**os.environ, "PYTHONPATH": str(SERVER)}


class Written(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.data = b""

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        self.data += data


class Protocol(BaseProtocol):
    """A protocol that counts how often it is told to stop and to go on reading."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.paused = self.resumed = 0

    def pause_reading(self) -> None:
        self._reading_paused = True
        self.paused += 1

    def resume_reading(self, resume_parser: bool = True) -> None:
        del resume_parser
        self._reading_paused = False
        self.resumed += 1


@pytest.fixture
def loop():
    made = asyncio.new_event_loop()
    yield made
    made.close()


def test_aiohttps_writer_writes_a_whole_answer_before_it_first_waits(loop):
    # Needed by whole_response.py, which runs write_eof() up to its first wait.
    protocol, transport = BaseProtocol(loop), Written()
    protocol.transport = transport
    protocol.pause_writing()
    writer = StreamWriter(protocol, loop)
    with pytest.raises(StopIteration):
        writer.write_headers("HTTP/1.1 200 OK", CIMultiDict({"a": "b"})).send(None)
    writing = writer.write_eof(b"body")
    assert writing.send(None) is not None
    assert transport.data == b"HTTP/1.1 200 OK\r\na: b\r\n\r\nbody"
    writing.close()


def test_aiohttp_needs_no_more_of_a_response_than_two_methods_and_two_attributes(loop):
    # Needed by whole_response.py, whose WholeResponse is not one of aiohttp's.
    class Response:
        __slots__ = ("keep_alive", "status", "writer")

        async def prepare(self, request):
            self.status, self.keep_alive, self.writer = 200, False, request.writer
            headers = CIMultiDict({"content-length": "2"})
            await self.writer.write_headers("HTTP/1.1 200 OK", headers)

        async def write_eof(self):
            await self.writer.write_eof(b"ok")

    async def handle(_request):
        return Response()

    async def answer() -> bytes:
        server = Server(handle)
        listening = await loop.create_server(server, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        received = await reader.read()
        writer.close()
        listening.close()
        await server.shutdown()
        return received

    received = loop.run_until_complete(answer())
    assert received == b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


def test_aiohttps_writer_is_done_at_once_when_its_client_keeps_up(loop):
    protocol, transport = BaseProtocol(loop), Written()
    protocol.transport = transport
    writer = StreamWriter(protocol, loop)
    with pytest.raises(StopIteration):
        writer.write_eof(b"body").send(None)
    assert transport.data == b"body"


def test_aiohttp_pauses_and_resumes_reading_through_the_methods_of_the_protocol(loop):
    # Needed by connection.py, which keeps track of both.
    protocol = Protocol(loop)
    content = StreamReader(protocol, limit=2, loop=loop)
    content.feed_data(b"0123456789")
    assert (protocol.paused, protocol.resumed) == (1, 0)
    content.read_nowait()
    assert (protocol.paused, protocol.resumed) == (1, 1)


def test_aiohttp_resumes_reading_after_each_body_even_if_it_was_not_paused(loop):
    # When this fails, Connection.pause_reading and resume_reading can go.
    protocol = Protocol(loop)
    content = StreamReader(protocol, limit=1_000, loop=loop)
    content.feed_data(b"0123456789")
    content.feed_eof()
    assert (protocol.paused, protocol.resumed) == (0, 1)


def test_aiohttps_server_part_is_imported_without_its_client():
    # Needed by http_library.py. When this passes without it, it can go.
    program = """
import sys
import scoring_server.__main__
print("aiohttp.client" in sys.modules)
import aiohttp
print(aiohttp.ClientSession.__module__, hasattr(aiohttp, "nothing"), aiohttp.__version__)
"""
    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=ISOLATED
    )
    loaded, client = result.stdout.splitlines()
    assert loaded == "False"
    assert client.startswith("aiohttp.client False 3.")


def test_aiohttps_own_import_of_its_server_part_loads_its_client():
    # When this fails, http_library.py can go.
    program = "import sys, aiohttp.web_server; print('aiohttp.client' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert result.stdout == "True\n"
