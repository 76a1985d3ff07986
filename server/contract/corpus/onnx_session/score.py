import json
import os
import time

import numpy as np
import onnxruntime


def init():
    global session, input_name, output_name
    model = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.onnx")
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    input_name = session.get_inputs()[0].name
    output_name = session.get_outputs()[0].name


def preprocess(input_data_json):
    return np.array(json.loads(input_data_json)["data"]).astype("float32")


def postprocess(result):
    return int(np.argmax(np.array(result).squeeze(), axis=0))


def run(input_data):
    try:
        start = time.time()
        result = session.run([output_name], {input_name: preprocess(input_data)})
        seconds = time.time() - start
        assert seconds >= 0
        return {"result": postprocess(result), "values": result[0].tolist()}
    except Exception as e:
        return {"error": str(e).splitlines()[0]}
