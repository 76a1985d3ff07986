"""Requests that are answered without calling the script."""

import msgspec

from scoring_server.reply import JSON, Headers, Reply
from scoring_server.routes import Route


class Refusal(Exception):
    """A request that is not scored; the message is for the caller."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: Headers | None = None,
        close: bool = False,
    ) -> None:
        """Take the status and the message; `close` ends the connection after the answer."""
        super().__init__(message)
        self.status, self.headers, self.close = status, headers, close

    def reply(self, identity: str, route: Route | None) -> Reply:
        """The answer: JSON with the message and the id of the request."""
        body = {"message": str(self), "request_id": identity}
        if route is not None and route.kind == "v2":
            # The Open Inference Protocol names its message `error`.
            body["error"] = str(self)
        return Reply(self.status, JSON, msgspec.json.encode(body), self.headers, 0, self.close)
