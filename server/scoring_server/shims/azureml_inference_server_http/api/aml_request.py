"""`AMLRequest` and `rawhttp`, by the name that scripts import them."""

from azureml_inference_server_http.api.werkzeug_needed import Request as AMLRequest

__all__ = ["AMLRequest", "rawhttp"]
_rawHttpRequested = False


def rawhttp(run):
    """Have `run` called with the HTTP request."""
    global _rawHttpRequested
    _rawHttpRequested = True
    return run
