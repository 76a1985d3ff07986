from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
from PIL import Image


def init():
    pass


@rawhttp
def run(req: AMLRequest):
    if not req.files:
        return AMLResponse({"error": "no file"}, 400, json_str=True)
    sizes = [
        {"name": name, "filename": f.filename, "size": Image.open(f.stream).size}
        for name, f in sorted(req.files.items())
    ]
    return {"response": sizes}
