import json

from azureml.contrib.services.aml_response import AMLResponse


def init():
    pass


def run(raw_data):
    body = json.loads(raw_data)
    if "rows" not in body:
        return AMLResponse({"error": "rows are missing"}, 422, {"x-reason": "rows"}, json_str=True)
    return AMLResponse(",".join(map(str, body["rows"])), 200, {"Content-Type": "text/csv"})
