"""The scoring port: routes, keys and limits in front of the workers."""

import asyncio
import time
from functools import lru_cache

import msgspec
from aiohttp import hdrs
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import StreamResponse
from multidict import MultiMapping, istr

from scoring_server.body import BodyReader
from scoring_server.content import (
    Content,
    check_content,
    content,
    decompressed,
    in_utf8,
    json_or_other,
)
from scoring_server.keys import Keys
from scoring_server.logs import LogWriter
from scoring_server.messages import Answer, Work
from scoring_server.metrics import Metrics
from scoring_server.observers import Observers, Scored
from scoring_server.pool import Pool, QueueFull, WorkerLost
from scoring_server.refusal import Refusal
from scoring_server.reply import JSON, Reply
from scoring_server.requests import plain, request_id, trace_parent
from scoring_server.responses import respond
from scoring_server.routes import Route, Routes
from scoring_server.settings import Service, Settings
from scoring_server.whole_response import WholeResponse

_HTML = "text/html; charset=utf-8"
_REQUEST_ID = istr("x-request-id")
_CLIENT_REQUEST_ID = istr("x-ms-client-request-id")
_TRACE_PARENT = istr("traceparent")
_RUN_TIME = istr("x-ms-run-fn-exec-ms")
_V2_SERVER = msgspec.json.encode(
    {"name": "scoring-server", "version": "2", "extensions": ["binary_tensor_data"]}
)
_AGAIN = [("retry-after", "1")]
_FULL = "too many requests are waiting"
_STARTING = "the service is starting"
_NO_TENSORS = "the scoring script declares no tensors for the Open Inference Protocol"
_UNAVAILABLE = 503
# The caller disconnected first; this status is only for the metrics and the log.
_GONE = 499


class ScoringApp:
    """Answers the requests of one replica."""

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
        # Asked for each request, so not by way of their own __bool__.
        self._observers = observers or None
        self.bodies = BodyReader(settings.max_body_bytes, settings.body_timeout_ms)
        self._open_access = settings.auth == "none"
        self._access_log = settings.access_log
        self._types = frozenset(
            ["", *(json_or_other(part) for part in settings.content_types.split(","))]
        )
        self.draining = False
        self.in_flight = 0

    async def handle(self, request: BaseRequest) -> StreamResponse | WholeResponse:
        """Serve one request (called by the HTTP server)."""
        started = time.perf_counter()
        identity = request_id(request.headers.get(_REQUEST_ID))
        path, route = self._find(request)
        work = None
        self.in_flight += 1
        try:
            reply = self._ready_made(request, route)
            if reply is None:
                kind, encoding = self._admit(request, route)
                body = self.bodies.arrived(request)
                if body is None:
                    body = await self._slow_body(request)
                if encoding or kind.charset:
                    body = await self._plain_body(body, encoding, kind.charset)
                work = self._work(request, path, route, identity, kind.media_type, body)
                reply = self._scored(work, await self._pool.submit(work))
        except (asyncio.CancelledError, ConnectionError):
            if work is not None:
                self._pool.forget(work)
            self._note(request, path, identity, work, Reply(_GONE, JSON, b""), started)
            raise
        except Exception as error:
            reply = self._explain(error, identity, route)
        self._note(request, path, identity, work, reply, started)
        return self._respond(request, reply, identity)

    async def _slow_body(self, request: BaseRequest) -> bytes:
        """Wait for a body, unless the request would be refused after it."""
        if self._pool.full:
            raise QueueFull
        return await self.bodies.read(request)

    async def _plain_body(self, body: bytes, encoding: str, charset: str) -> bytes:
        """The body without compression and in UTF-8, unless the script reads requests itself."""
        script = self._pool.script
        if script is not None and script.any_method:
            return body
        if encoding:
            limit = self._settings.max_body_bytes
            # In a thread, because a large body takes as long as many requests.
            body = await asyncio.to_thread(decompressed, body, encoding, limit)
        return in_utf8(body, charset) if charset else body

    def refuse(self, status: int, message: str) -> StreamResponse:
        """Answer what never became a request (called by the HTTP server)."""
        identity = request_id(None)
        self._metrics.request(status, 0.0, 0)
        reason = plain(message).partition("\n")[0]
        self._log.warning(f"invalid HTTP request: {reason}", status=status, request_id=identity)
        reply = Refusal(
            status, "the request is not valid HTTP/1.1, or its head is too large"
        ).reply(identity, None)
        headers = [(hdrs.CONTENT_TYPE, JSON), (_REQUEST_ID, identity)]
        return respond(None, status, headers, reply.body)

    def _find(self, request: BaseRequest) -> tuple[str, Route | None]:
        path = request.raw_path
        route = self._routes.find(path)
        if route is None:
            # The target has a query, is an absolute URL, or is unknown.
            path = plain(request.rel_url.raw_path)
            route = self._routes.find(path)
        return path, route

    def _respond(
        self, request: BaseRequest, reply: Reply, identity: str
    ) -> StreamResponse | WholeResponse:
        headers = [(hdrs.CONTENT_TYPE, reply.content_type), (_REQUEST_ID, identity)]
        if reply.headers:
            headers += reply.headers
        if reply.run_ns:
            headers.append((_RUN_TIME, _milliseconds(reply.run_ns)))
        client_id = request.headers.get(_CLIENT_REQUEST_ID)
        if client_id is not None:
            headers.append((_CLIENT_REQUEST_ID, request_id(client_id)))
        response = respond(request, reply.status, headers, reply.body)
        # What follows a refused CONNECT was meant for a tunnel and must not be read as a request.
        if self.draining or reply.close or request.method == hdrs.METH_CONNECT:
            response.force_close()
        return response

    def _note(
        self,
        request: BaseRequest,
        path: str,
        identity: str,
        work: Work | None,
        reply: Reply,
        started: float,
    ) -> None:
        """Count and log an answered request."""
        self.in_flight -= 1
        seconds = time.perf_counter() - started
        self._metrics.request(reply.status, seconds, reply.run_ns)
        if self._access_log:
            trace = work.trace if work else trace_parent(request.headers.get(_TRACE_PARENT))
            self._log.access(request.method, path, reply.status, seconds, identity, trace)

    def _ready_made(self, request: BaseRequest, route: Route | None) -> Reply | None:
        """The answer to a request that needs no scoring; `None` to score it. Checks the key."""
        if route is None:
            raise Refusal(404, "unknown path; send requests with POST /score")
        if route.kind == "health":
            return self._health(request.method, route)
        if not self._open_access and not (self._settings.public_docs and route.kind == "document"):
            self._authorize(request)
        return self._document(request, route) if route.kind == "document" else None

    def _scored(self, work: Work, answer: Answer) -> Reply:
        if self._observers is not None:
            self._observers.note(Scored(work, answer))
        return Reply(answer.status, answer.content_type, answer.body, answer.headers, answer.run_ns)

    def _explain(self, error: Exception, identity: str, route: Route | None) -> Reply:
        """The answer to a request that was not scored."""
        if isinstance(error, QueueFull):
            error = Refusal(_UNAVAILABLE, _FULL, _AGAIN)
        elif isinstance(error, WorkerLost):
            again = _AGAIN if error.status == _UNAVAILABLE else None
            error = Refusal(error.status, str(error), again)
        elif not isinstance(error, Refusal):
            self._log.error(f"internal error: {error!r}", request_id=identity)
            error = Refusal(500, "internal error")
        return error.reply(identity, route)

    def _authorize(self, request: BaseRequest) -> None:
        if not self._keys.accept(request.headers.get(hdrs.AUTHORIZATION)):
            challenge = [("www-authenticate", "Bearer")]
            raise Refusal(
                401, "a key is required: send the header Authorization: Bearer KEY", challenge
            )

    def _health(self, method: str, route: Route) -> Reply:
        _check_get(method)
        good = route.document == "live" or (self._pool.ready and not self.draining)
        return Reply(200, JSON, b"{}") if good else Reply(_UNAVAILABLE, JSON, b"{}", _AGAIN)

    def _document(self, request: BaseRequest, route: Route) -> Reply:
        _check_get(request.method)
        if route.document == "v2_server":
            return Reply(200, JSON, _V2_SERVER)
        script = self._pool.script
        if script is None:
            raise Refusal(_UNAVAILABLE, _STARTING, _AGAIN)
        name = route.document
        if name == "openapi":
            version_3 = "version=3" in request.rel_url.raw_query_string.split("&")
            name = "openapi3" if version_3 else "openapi2"
        if name not in script.documents:
            raise Refusal(404, _NO_TENSORS)
        return Reply(200, _HTML if name == "page" else JSON, script.documents[name])

    def _admit(self, request: BaseRequest, route: Route) -> tuple[Content, str]:
        """Refuse what cannot be scored before its body is read; returns its type and encoding."""
        script, method = self._pool.script, request.method
        if method != "POST" and not (script and script.any_method):
            raise Refusal(405, "use POST", [("allow", "POST")])
        if script is None:
            # Later, while a worker is replaced, requests wait for the new one as for their turn.
            raise Refusal(_UNAVAILABLE, _STARTING, _AGAIN)
        if route.kind == "v2" and "v2" not in script.documents:
            raise Refusal(404, _NO_TENSORS)
        headers = request.headers
        kind = content(headers.get(hdrs.CONTENT_TYPE))
        encoding = _encoding(headers) if hdrs.CONTENT_ENCODING in headers else ""
        if not script.any_method:
            types = self._types if script.accepts is None else script.accepts
            if encoding or not kind.ordinary or kind.media_type not in types:
                check_content(kind, encoding, types, route.kind)
        return kind, encoding

    def _work(
        self,
        request: BaseRequest,
        path: str,
        route: Route,
        identity: str,
        content_type: str,
        body: bytes,
    ) -> Work:
        script, headers = self._pool.script, request.headers
        work = Work(
            0, 0, route.kind, content_type, identity, trace_parent(headers.get(_TRACE_PARENT)), body
        )
        if route.kind == "v2" or (script and script.wants_headers):
            work.method = request.method
            query = request.rel_url.raw_query_string
            work.target = f"{path}?{plain(query)}" if query else path
            work.headers = [(name.lower(), plain(value)) for name, value in headers.items()]
            if hdrs.CONTENT_ENCODING in headers and not (script and script.any_method):
                # The script gets a body without it.
                work.headers = [item for item in work.headers if item[0] != "content-encoding"]
        return work


@lru_cache(maxsize=8)
def _milliseconds(nanoseconds: int) -> str:
    # The requests of a joined call share its time.
    return f"{nanoseconds / 1e6:.3f}"


def _encoding(headers: MultiMapping[str]) -> str:
    """The compression of the body; empty if there is none."""
    given = ",".join(headers.getall(hdrs.CONTENT_ENCODING)).strip().lower()
    return "" if given == "identity" else given


def _check_get(method: str) -> None:
    if method not in ("GET", "HEAD"):
        raise Refusal(405, "use GET", [("allow", "GET, HEAD")])
