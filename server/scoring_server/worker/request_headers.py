"""The headers of a request as `run` gets them."""

from scoring_server.messages import Work


class RequestHeaders(dict):
    """A dictionary with the names that Azure ML's server passes, found in any case.

    Azure ML's names are those of WSGI: each word in lower case with a capital first letter
    (`Content-Type`, `X-Ms-Client-Request-Id`).
    """

    def __missing__(self, name: str) -> str:
        """The value of a header whose name is written in another way."""
        passed = _passed(name) if isinstance(name, str) else name
        if passed == name or passed not in self:
            raise KeyError(name)
        return dict.__getitem__(self, passed)

    def __contains__(self, name: object) -> bool:
        """Whether the request has the header."""
        return dict.__contains__(self, _passed(name) if isinstance(name, str) else name)

    def get(self, name: str, default: object = None) -> object:
        """The value of a header, or the default."""
        return dict.get(self, _passed(name) if isinstance(name, str) else name, default)


def headers_of(work: Work) -> RequestHeaders:
    """The headers of a request; one that was sent several times has its values joined."""
    headers = RequestHeaders()
    for name, value in work.headers or ():
        passed = _passed(name)
        before = dict.get(headers, passed)
        headers[passed] = value if before is None else f"{before},{value}"
    return headers


def _passed(name: str) -> str:
    return "-".join([word.capitalize() for word in name.split("-")])
