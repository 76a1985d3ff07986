"""What callers are told."""

import msgspec

from scoring_server.responses import Headers
from scoring_server.routes import Route

JSON = "application/json"


class Reply(msgspec.Struct, gc=False):
    """What is sent to the caller."""

    status: int
    content_type: str
    body: bytes
    headers: Headers | None = None
    run_ns: int = 0
    close: bool = False
    """Whether the connection cannot be used again."""


class Refusal(Exception):
    """A request that is answered without the script."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: Headers | None = None,
        close: bool = False,
    ) -> None:
        """Give the message that the caller reads."""
        super().__init__(message)
        self.status, self.headers, self.close = status, headers, close

    def reply(self, identity: str, route: Route | None) -> Reply:
        """Write it as JSON, with the id of the request."""
        body = {"message": str(self), "request_id": identity}
        if route is not None and route.kind == "v2":
            body["error"] = str(self)
        return Reply(self.status, JSON, msgspec.json.encode(body), self.headers, 0, self.close)
