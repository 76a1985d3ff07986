"""The scoring port: routes, keys and limits in front of the workers."""

import asyncio
import time
from typing import NamedTuple

import orjson

from scoring_server.keys import Keys
from scoring_server.logs import LogWriter
from scoring_server.messages import Answer, Work
from scoring_server.metrics import Metrics
from scoring_server.pool import Pool, QueueFull, WorkerLost
from scoring_server.requests import media_type, request_id, trace_parent
from scoring_server.settings import Service, Settings

JSON = "application/json"


class Refusal(Exception):
    """A request that is answered without the script."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = [(name.replace("_", "-"), value) for name, value in headers.items()]


class Reply(NamedTuple):
    """What is sent to the caller."""

    status: int
    content_type: str
    body: bytes
    headers: list[tuple[str, str]]
    run_ns: int = 0


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
    ) -> None:
        self._settings, self._service = settings, service
        self._keys, self._pool, self._metrics, self._log = keys, pool, metrics, log
        self._open_access = settings.auth == "none"
        self._types = {part.strip().lower() for part in settings.content_types.split(",")}
        self._types.add("")
        self.draining = False
        self.in_flight = 0

    async def __rsgi__(self, scope: object, protocol: object) -> None:
        """Serve one request (called by the HTTP server)."""
        started = time.perf_counter()
        headers = scope.headers
        identity = request_id(headers.get("x-request-id"))
        self.in_flight += 1
        try:
            reply = await self._reply(scope, protocol, identity)
        except Refusal as refusal:
            body = {"message": str(refusal), "request_id": identity}
            reply = Reply(refusal.status, JSON, orjson.dumps(body), refusal.headers)
        except Exception as error:  # noqa: BLE001 - a fault of ours must be answered too
            self._log.error(f"internal error: {error!r}", request_id=identity)
            body = {"message": "internal error", "request_id": identity}
            reply = Reply(500, JSON, orjson.dumps(body), [])
        finally:
            self.in_flight -= 1
        sent = [("content-type", reply.content_type), ("x-request-id", identity), *reply.headers]
        client_id = headers.get("x-ms-client-request-id")
        if client_id is not None:
            sent.append(("x-ms-client-request-id", request_id(client_id)))
        if self.draining:
            sent.append(("connection", "close"))
        protocol.response_bytes(reply.status, sent, reply.body)
        seconds = time.perf_counter() - started
        self._metrics.request(reply.status, seconds, reply.run_ns / 1e9)
        if self._settings.access_log:
            self._log.info(
                "request",
                method=scope.method,
                path=scope.path,
                status=reply.status,
                ms=round(seconds * 1000, 3),
                request_id=identity,
            )

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing to prepare (called by the HTTP server)."""

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing to release (called by the HTTP server)."""

    async def _reply(self, scope: object, protocol: object, identity: str) -> Reply:
        path = scope.path
        if path == "/score" or path.startswith("/api/v1/service/"):
            return await self._score(scope, protocol, identity)
        if path == "/swagger.json":
            return self._document(scope)
        raise Refusal(404, "there is nothing here; score with POST /score")

    def _authorize(self, headers: object) -> None:
        if not self._open_access and not self._keys.accept(headers.get("authorization")):
            raise Refusal(401, "send a key: Authorization: Bearer KEY", www_authenticate="Bearer")

    def _document(self, scope: object) -> Reply:
        if not self._settings.public_docs:
            self._authorize(scope.headers)
        if scope.method not in ("GET", "HEAD"):
            raise Refusal(405, "the description is read with GET", allow="GET, HEAD")
        if self._pool.script is None:
            raise Refusal(503, "the service is starting", retry_after="1")
        name = "openapi3" if "version=3" in scope.query_string else "openapi2"
        return Reply(200, JSON, self._pool.script.documents[name], [])

    async def _score(self, scope: object, protocol: object, identity: str) -> Reply:
        headers = scope.headers
        self._check_path(scope.path)
        self._authorize(headers)
        script = self._pool.script
        if scope.method != "POST" and not (script and script.any_method):
            raise Refusal(405, "score with POST", allow="POST")
        content_type = media_type(headers.get("content-type"))
        self._check_type(content_type)
        if script is None or not self._pool.ready:
            raise Refusal(503, "no worker is ready to score", retry_after="1")
        body = await self._body(protocol, headers.get("content-length"))
        query = scope.query_string
        work = Work(
            id=0,
            deadline_ns=0,
            route="score",
            method=scope.method,
            target=f"{scope.path}?{query}" if query else scope.path,
            content_type=content_type,
            request_id=identity,
            trace=trace_parent(headers.get("traceparent")),
            body=body,
            headers=list(headers.items()) if script.wants_headers else None,
        )
        return await self._run(work)

    async def _run(self, work: Work) -> Reply:
        try:
            answer: Answer = await self._pool.submit(work)
        except QueueFull:
            raise Refusal(503, "too many requests are waiting", retry_after="1") from None
        except WorkerLost as lost:
            again = {"retry_after": "1"} if lost.status == 503 else {}  # noqa: PLR2004
            raise Refusal(lost.status, str(lost), **again) from None
        except asyncio.CancelledError:
            self._pool.forget(work)
            raise
        headers = answer.headers or []
        if answer.run_ns:
            headers.append(("x-ms-run-fn-exec-ms", f"{answer.run_ns / 1e6:.3f}"))
        return Reply(answer.status, answer.content_type, answer.body, headers, answer.run_ns)

    def _check_path(self, path: str) -> None:
        if path == "/score":
            return
        parts = path.split("/")
        name = self._service.name
        if len(parts) != 6 or parts[5] != "score" or (name and parts[4] != name):  # noqa: PLR2004
            raise Refusal(404, "there is no such service here")

    def _check_type(self, content_type: str) -> None:
        script = self._pool.script
        types = self._types if script is None or script.accepts is None else script.accepts
        if content_type not in types and not (script and script.any_method):
            accepted = ", ".join(sorted(name for name in types if name))
            raise Refusal(415, f"{content_type} is not accepted; send {accepted}")

    async def _body(self, protocol: object, length: str | None) -> bytes:
        limit = self._settings.max_body_bytes
        if length is not None and length.isdecimal() and int(length) <= limit:
            return await protocol()
        if length is not None:
            raise Refusal(413, f"the body may have at most {limit} bytes")
        body = bytearray()
        async for chunk in protocol:
            body += chunk
            if len(body) > limit:
                raise Refusal(413, f"the body may have at most {limit} bytes")
        return bytes(body)
