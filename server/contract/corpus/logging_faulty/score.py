import logging


def init():
    logging.info("loaded:", "model")


def run(raw_data):
    logging.info("characters:", len(raw_data))
    logging.warning("%d rows", "many")
    return "ok"
