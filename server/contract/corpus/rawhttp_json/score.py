from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse


def init():
    pass


@rawhttp
def run(request):
    if not request.is_json:
        return AMLResponse("send JSON", 415)
    body = request.get_json()
    if body is None or "data" not in body:
        return AMLResponse({"error": "data is missing"}, 400, {}, True)
    return {"sum": sum(body["data"]), "path": request.path, "type": request.content_type}
