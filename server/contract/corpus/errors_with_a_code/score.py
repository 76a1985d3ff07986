import json
import traceback


def init():
    pass


def run(raw_data):
    try:
        body = json.loads(raw_data)
    except ValueError as e:
        return {"error": "the body is not JSON", "detail": str(e)}
    try:
        return {"result": 100 / body["by"]}
    except KeyError as e:
        return {"error": f"missing {e}", "code": 400}
    except ZeroDivisionError:
        return {"error": traceback.format_exc().splitlines()[-1], "code": 422}
