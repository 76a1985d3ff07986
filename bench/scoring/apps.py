"""The peers: the same score.py behind other servers, with nothing around it."""

import asyncio
import importlib.util
import os
import sys
from pathlib import Path


def _load_script() -> object:
    path = Path(os.environ["AML_APP_ROOT"], os.environ["AZUREML_ENTRY_SCRIPT"])
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.init()
    return module


class Rsgi:
    """An application for granian's own interface."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    async def __rsgi__(self, scope: object, protocol: object) -> None:
        """Answer one request."""
        body = await protocol()
        protocol.response_bytes(200, [("content-type", "application/json")], self._answer(body))

    def __rsgi_init__(self, loop: object) -> None:
        """Nothing to prepare."""

    def __rsgi_del__(self, loop: object) -> None:
        """Nothing to release."""


def granian(port: int, answer: object) -> None:
    """Serve with granian's own interface, HTTP/1 only."""
    from granian.constants import HTTPModes, Interfaces
    from granian.server.embed import Server

    async def serve() -> None:
        server = Server(
            Rsgi(answer),
            port=port,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
        )
        await server.serve()

    asyncio.run(serve())


def aiohttp(port: int, answer: object) -> None:
    """Serve with aiohttp's server on uvloop, without its application framework."""
    import uvloop
    from aiohttp import web

    async def handle(request: web.BaseRequest) -> web.Response:
        body = answer(await request.read())
        return web.Response(body=body, content_type="application/json")

    async def serve() -> None:
        server = web.Server(handle, access_log=None)
        await asyncio.get_running_loop().create_server(server, "127.0.0.1", port)
        await asyncio.Event().wait()

    uvloop.run(serve())


def uvicorn(port: int, app: object) -> None:
    """Serve with uvicorn on uvloop and httptools."""
    import uvicorn as server

    server.run(app, port=port, log_level="warning", lifespan="off")


def asgi(answer: object) -> object:
    """An ASGI application without a framework."""

    async def app(_scope: dict, receive: object, send: object) -> None:
        message = await receive()
        body = message["body"]
        while message.get("more_body"):
            message = await receive()
            body += message["body"]
        reply = answer(body)
        length = (b"content-length", str(len(reply)).encode())
        headers = [(b"content-type", b"application/json"), length]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": reply})

    return app


def fastapi(run: object) -> object:
    """A FastAPI application that parses nothing itself."""
    from fastapi import FastAPI, Request

    app = FastAPI()

    @app.post("/score")
    async def score(request: Request) -> list:
        return run((await request.body()).decode())

    return app


def main() -> None:
    """Start the peer that is named on the command line."""
    import orjson

    name, port = sys.argv[1], int(sys.argv[2])
    if name == "fixed":
        aiohttp(port, lambda _body: b"[4952.815189530526,3830.0435194872953]")
        return
    run = _load_script().run

    def answer(body: bytes) -> bytes:
        return orjson.dumps(run(body.decode()))

    if name == "granian":
        granian(port, answer)
    elif name == "aiohttp":
        aiohttp(port, answer)
    elif name == "uvicorn":
        uvicorn(port, asgi(answer))
    else:
        uvicorn(port, fastapi(run))


if __name__ == "__main__":
    main()
