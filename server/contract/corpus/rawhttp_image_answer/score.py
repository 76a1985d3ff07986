import io

from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
from PIL import Image


def init():
    pass


@rawhttp
def run(request):
    image = Image.open(io.BytesIO(request.get_data())).transpose(Image.FLIP_LEFT_RIGHT)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return AMLResponse(stream.getvalue(), 200, {"Content-Type": "image/png", "x-size": "4,2"})
