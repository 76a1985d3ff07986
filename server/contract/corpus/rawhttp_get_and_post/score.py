from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse


def init():
    print("This is init()")


@rawhttp
def run(request):
    print("This is run()")
    print("Request: [{0}]".format(request))
    if request.method == "GET":
        # For this example, the URL is simply returned.
        respBody = str.encode(request.full_path)
        return AMLResponse(respBody, 200)
    elif request.method == "POST":
        reqBody = request.get_data(False)
        return AMLResponse(reqBody, 200)
    else:
        return AMLResponse("bad request", 500)
