import json
from time import time

from azureml_inference_server_http.api.aml_request import AMLRequest, rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse


def init():
    global started
    started = time()


@rawhttp
def run(request: AMLRequest) -> AMLResponse:
    if request.method == "GET":
        return AMLResponse({"healthy": time() >= started}, 200, json_str=True)
    data = json.loads(request.data)
    response = AMLResponse(json.dumps(data), 200)
    response.headers["X-Custom"] = "yes"
    response.headers["Content-Type"] = "application/vnd.own+json"
    return response
