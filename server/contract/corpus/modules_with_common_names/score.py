import exceptions
import secrets
import utils


def init():
    pass


def run(raw_data):
    return [hasattr(module, "MINE") for module in (secrets, utils, exceptions)]
