import json
import os

import pandas as pd
import yaml


def init():
    global columns
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "model", "MLmodel")
    with open(path) as file:
        document = yaml.safe_load(file)
    columns = json.loads(document["signature"]["inputs"])


def run(raw_data):
    frame = pd.DataFrame(json.loads(raw_data)["dataframe_records"])
    for column in columns:
        frame[column["name"]] = frame[column["name"]].astype(column["type"])
    return frame.to_dict(orient="list")
