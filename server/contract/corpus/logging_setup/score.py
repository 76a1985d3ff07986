import json
import logging
import sys

# Setup logs
root = logging.getLogger()
root.setLevel(logging.DEBUG)
handler = logging.StreamHandler(sys.stdout)
handler.setLevel(logging.DEBUG)
formatter = logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s")
handler.setFormatter(formatter)
root.addHandler(handler)


def init():
    logging.info("Init complete")


def run(raw_data):
    logging.debug("Received %s", raw_data)
    try:
        value = json.loads(raw_data)["value"]
        logging.info("Processed")
        return value
    except Exception as e:
        logging.exception("failed")
        return {"error": repr(e)}
