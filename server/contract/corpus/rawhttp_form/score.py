from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse


def init():
    pass


@rawhttp
def run(request):
    values = {**request.args.to_dict(), **request.form.to_dict()}
    return AMLResponse(values, 201, json_str=True)
