import io
import json

from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
from PIL import Image


def init():
    pass


@rawhttp
def run(request):
    if request.method != "POST":
        return AMLResponse("only POST", 405)
    try:
        image = Image.open(io.BytesIO(request.get_data(False)))
        return AMLResponse(json.dumps({"width": image.width, "height": image.height}), 200)
    except Exception as e:
        return AMLResponse(type(e).__name__, 400)
