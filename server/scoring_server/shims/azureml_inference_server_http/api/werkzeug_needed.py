"""The classes that requests and responses are made of."""

try:
    from werkzeug.wrappers import Request, Response
except ImportError:
    raise ImportError(
        "AMLRequest and AMLResponse need the package Werkzeug: add it to the conda file"
    ) from None

__all__ = ["Request", "Response"]
