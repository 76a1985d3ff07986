import json
import logging
import os

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)


def init():
    global weights, seen
    base = os.getenv("AZUREML_MODEL_DIR")
    if not base:
        raise ValueError("AZUREML_MODEL_DIR environment variable not found.")
    seen, target = [], None
    for root, dirs, files in os.walk(base):
        dirs.sort()
        for name in sorted(files):
            seen.append(os.path.relpath(os.path.join(root, name), base))
            if name.endswith(".json"):
                target = os.path.join(root, name)
    logger.info(f"Found {target}")
    with open(target) as file:
        weights = json.load(file)


def run(raw_data):
    logger.info("Received a request")
    return {"weights": weights, "seen": seen}
