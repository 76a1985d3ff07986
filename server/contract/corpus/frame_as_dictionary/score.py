import json

import pandas as pd


def init():
    pass


def run(raw_data):
    asked = json.loads(raw_data)
    frame = pd.DataFrame(asked["data"], columns=asked["columns"])
    summary = frame.describe().loc[["count", "mean", "max"]]
    return {"rows": len(frame), "columns": list(frame.columns), "summary": summary.to_dict()}
