import json

from azureml.contrib.services.aml_request import rawhttp


def init():
    pass


@rawhttp
def run(request):
    name = request.args.get("kind", "text")
    return {
        "text": "a text",
        "list": [1, 2],
        "none": None,
        "json": json.dumps([1]),
        "headers": sorted(name.lower() for name, _ in request.headers if name != "User-Agent"),
        "url": [request.path, request.query_string.decode(), request.method, request.scheme],
    }[name]
