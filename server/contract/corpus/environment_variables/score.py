import getpass
import os
from pathlib import Path

THRESHOLD = float(os.environ.get("THRESHOLD", "0.5"))


def init():
    assert getpass.getuser()


def run(raw_data):
    home = Path.home()
    return {
        "threshold": THRESHOLD,
        "app": os.path.samefile(os.environ["AML_APP_ROOT"], os.getcwd()),
        "script": os.path.basename(os.environ["AZUREML_ENTRY_SCRIPT"]),
        "home": os.access(home, os.W_OK),
        "model": os.getenv("AZUREML_MODEL_DIR"),
    }
