from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse


def init():
    pass


@rawhttp
def run(request):
    if request.args.get("fine"):
        return AMLResponse("fine", 200, run_function_failed=False)
    return AMLResponse("no model", 500, run_function_failed=True)
