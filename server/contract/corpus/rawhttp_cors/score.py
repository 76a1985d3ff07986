from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse


def init():
    pass


@rawhttp
def run(request):
    headers = {"Access-Control-Allow-Origin": "https://example.com"}
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Headers"] = "authorization, content-type"
        return AMLResponse("", 200, headers)
    headers["Access-Control-Expose-Headers"] = "x-own"
    headers["x-own"] = request.headers.get("Origin", "none")
    return AMLResponse({"origin": request.headers.get("origin")}, 200, headers, json_str=True)
