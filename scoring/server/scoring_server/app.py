"""The scoring port: routes, keys and limits in front of the workers."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import NamedTuple

import orjson
from granian.rsgi import ProtocolClosed, ProtocolError

from scoring_server.body import BodyReader, BodyTooLarge, BodyTooSlow, chunks_of
from scoring_server.keys import Keys
from scoring_server.logs import LogWriter
from scoring_server.messages import Work
from scoring_server.metrics import Metrics
from scoring_server.observers import Observers, Scored
from scoring_server.pool import Pool, QueueFull, WorkerLost
from scoring_server.requests import media_type, request_id, trace_parent
from scoring_server.routes import Route, Routes
from scoring_server.settings import Service, Settings

JSON = "application/json"
_HTML = "text/html; charset=utf-8"
_V2_SERVER = orjson.dumps(
    {"name": "scoring-server", "version": "2", "extensions": ["binary_tensor_data"]}
)
_AGAIN = [("retry-after", "1")]
_UNAVAILABLE = 503


class Reply(NamedTuple):
    """What is sent to the caller."""

    status: int
    content_type: str
    body: bytes
    headers: list[tuple[str, str]] | tuple = ()
    run_ns: int = 0
    linger: bool = False
    """Whether the rest of the body must be read after the answer."""
    rest: AsyncIterator[bytes] | None = None
    """The rest of the body, if some of it was read."""


class Refusal(Exception):
    """A request that is answered without the script."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: list[tuple[str, str]] | tuple = (),
        linger: bool = False,
        rest: AsyncIterator[bytes] | None = None,
    ) -> None:
        """Give the message that the caller reads."""
        super().__init__(message)
        self.status, self.headers = status, headers
        self.linger, self.rest = linger, rest

    def reply(self, identity: str, route: Route | None) -> Reply:
        """Write it as JSON, with the id of the request."""
        body = {"message": str(self), "request_id": identity}
        if route is not None and route.kind == "v2":
            body["error"] = str(self)
        text = orjson.dumps(body)
        return Reply(self.status, JSON, text, self.headers, 0, self.linger, self.rest)


class ScoringApp:
    """Answers the requests of one replica (an RSGI application)."""

    def __init__(
        self,
        settings: Settings,
        service: Service,
        keys: Keys,
        pool: Pool,
        metrics: Metrics,
        log: LogWriter,
        observers: Observers,
    ) -> None:
        """Take the parts; nothing runs yet."""
        self._settings, self._routes = settings, Routes(service.name)
        self._keys, self._pool, self._metrics, self._log = keys, pool, metrics, log
        self._observers = observers
        self.bodies = BodyReader(settings.max_body_bytes, settings.body_timeout_ms)
        self._open_access = settings.auth == "none"
        self._access_log = settings.access_log
        self._types = frozenset(
            ["", *(part.strip().lower() for part in settings.content_types.split(","))]
        )
        self.draining = False
        self.in_flight = 0

    async def __rsgi__(self, scope: object, protocol: object) -> None:
        """Serve one request (called by the HTTP server)."""
        started = time.perf_counter()
        headers, path = scope.headers, scope.path
        identity = request_id(headers.get("x-request-id"))
        self.in_flight += 1
        try:
            reply = await self._reply(scope, protocol, headers, path, identity)
            sent = [("content-type", reply.content_type), ("x-request-id", identity)]
            sent += reply.headers
            client_id = headers.get("x-ms-client-request-id")
            if client_id is not None:
                sent.append(("x-ms-client-request-id", request_id(client_id)))
            if self.draining:
                sent.append(("connection", "close"))
            if reply.linger:
                await self._send_and_linger(protocol, reply, sent)
            else:
                protocol.response_bytes(reply.status, sent, reply.body)
        except (ProtocolClosed, ProtocolError) as error:
            self._log.warning(f"the caller is gone: {error!r}", request_id=identity)
            return
        finally:
            self.in_flight -= 1
        seconds = time.perf_counter() - started
        self._metrics.request(reply.status, seconds, reply.run_ns)
        if self._access_log:
            ids = (identity, trace_parent(headers.get("traceparent")))
            self._log.access(scope.method, path, reply.status, seconds, ids)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing to prepare (called by the HTTP server)."""

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing to release (called by the HTTP server)."""

    async def _reply(
        self, scope: object, protocol: object, headers: object, path: str, identity: str
    ) -> Reply:
        route = self._routes.find(path)
        try:
            if route is None:
                raise Refusal(404, "there is nothing here; score with POST /score", linger=True)
            if route.kind == "health":
                return self._health(scope.method, route)
            if not self._open_access and not (
                self._settings.public_docs and route.kind == "document"
            ):
                self._authorize(headers)
            if route.kind == "document":
                return self._document(scope, route)
            return await self._score(scope, protocol, headers, path, identity, route)
        except Refusal as refusal:
            return refusal.reply(identity, route)
        except Exception as error:
            self._log.error(f"internal error: {error!r}", request_id=identity)
            return Refusal(500, "internal error").reply(identity, route)

    def _authorize(self, headers: object) -> None:
        if not self._keys.accept(headers.get("authorization")):
            challenge = [("www-authenticate", "Bearer")]
            raise Refusal(401, "send a key: Authorization: Bearer KEY", challenge, linger=True)

    def _health(self, method: str, route: Route) -> Reply:
        _check_get(method)
        good = route.document == "live" or (self._pool.ready and not self.draining)
        return Reply(200, JSON, b"{}") if good else Reply(_UNAVAILABLE, JSON, b"{}", _AGAIN)

    def _document(self, scope: object, route: Route) -> Reply:
        _check_get(scope.method)
        if route.document == "v2_server":
            return Reply(200, JSON, _V2_SERVER)
        script = self._pool.script
        if script is None:
            raise Refusal(_UNAVAILABLE, "the service is starting", _AGAIN)
        name = route.document
        if name == "openapi":
            name = "openapi3" if "version=3" in scope.query_string.split("&") else "openapi2"
        if name not in script.documents:
            raise Refusal(404, "the script does not declare tensors")
        return Reply(200, _HTML if name == "page" else JSON, script.documents[name])

    async def _score(
        self,
        scope: object,
        protocol: object,
        headers: object,
        path: str,
        identity: str,
        route: Route,
    ) -> Reply:
        script, method = self._pool.script, scope.method
        if method != "POST" and not (script and script.any_method):
            raise Refusal(405, "score with POST", [("allow", "POST")], linger=True)
        if script is None:
            # Later, while a worker is replaced, requests wait for the new one as for their turn.
            raise Refusal(_UNAVAILABLE, "the service is starting", _AGAIN, linger=True)
        if route.kind == "v2" and "v2" not in script.documents:
            raise Refusal(404, "the script does not declare tensors", linger=True)
        content_type = media_type(headers.get("content-type"))
        if not script.any_method:
            self._check_type(content_type, script.accepts)
        if self._pool.full:
            raise Refusal(_UNAVAILABLE, "too many requests are waiting", _AGAIN, linger=True)
        query = scope.query_string
        work = Work(
            id=0,
            deadline_ns=0,
            route=route.kind,
            method=method,
            target=f"{path}?{query}" if query else path,
            content_type=content_type,
            request_id=identity,
            trace=trace_parent(headers.get("traceparent")),
            body=await self._read(protocol, headers),
            headers=headers.items() if script.wants_headers or route.kind == "v2" else None,
        )
        return await self._run(work)

    def _check_type(self, content_type: str, accepts: tuple[str, ...] | None) -> None:
        types = self._types if accepts is None else accepts
        if content_type not in types:
            accepted = ", ".join(sorted(name for name in types if name))
            message = f"{content_type or 'no content type'} is not accepted; send {accepted}"
            raise Refusal(415, message, linger=True)

    async def _read(self, protocol: object, headers: object) -> bytes:
        try:
            return await self.bodies.read(protocol, headers.get("content-length"))
        except BodyTooLarge as large:
            message = f"the body may have at most {self._settings.max_body_bytes} bytes"
            close = [("connection", "close")]
            raise Refusal(413, message, close, linger=True, rest=large.rest) from None
        except BodyTooSlow:
            message = "the body did not arrive in time"
            raise Refusal(408, message, [("connection", "close")]) from None

    async def _run(self, work: Work) -> Reply:
        try:
            answer = await self._pool.submit(work)
        except QueueFull:
            raise Refusal(_UNAVAILABLE, "too many requests are waiting", _AGAIN) from None
        except WorkerLost as lost:
            again = _AGAIN if lost.status == _UNAVAILABLE else ()
            raise Refusal(lost.status, str(lost), again) from None
        except asyncio.CancelledError:
            self._pool.forget(work)
            raise
        headers = answer.headers or []
        if answer.run_ns:
            headers.append(("x-ms-run-fn-exec-ms", f"{answer.run_ns / 1e6:.3f}"))
        if self._observers:
            self._observers.note(Scored(work, answer))
        return Reply(answer.status, answer.content_type, answer.body, headers, answer.run_ns)

    async def _send_and_linger(
        self, protocol: object, reply: Reply, headers: list[tuple[str, str]]
    ) -> None:
        headers.append(("content-length", str(len(reply.body))))
        transport = protocol.response_stream(reply.status, headers)
        await transport.send_bytes(reply.body)
        await self.bodies.linger(reply.rest or chunks_of(protocol))


def _check_get(method: str) -> None:
    if method not in ("GET", "HEAD"):
        raise Refusal(405, "read with GET", [("allow", "GET, HEAD")], linger=True)
