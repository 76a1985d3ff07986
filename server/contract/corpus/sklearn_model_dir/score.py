import json
import logging
import os

import joblib
import numpy


def init():
    global model
    # The folder of the registered model: ./azureml-models/NAME/VERSION
    model_path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "sklearn_regression_model.pkl")
    model = joblib.load(model_path)
    logging.info("Init complete")


def run(raw_data):
    try:
        logging.info("Request received")
        data = numpy.array(json.loads(raw_data)["data"])
        result = model.predict(data)
        logging.info("Request processed")
        return result.tolist()
    except Exception as e:
        return str(e)
