"""Tells why the server ends, in the log and to Kubernetes."""

import os
import sys
from typing import NamedTuple

from scoring_server.logs import encode, now

# Exit codes of sysexits.h, one for each cause.
EXIT_SAMPLE_FAILED = 65
EXIT_MODEL_UNTRUSTED = 66
EXIT_SCRIPT_FAILED = 70
EXIT_SETTINGS_INVALID = 78


class Failure(NamedTuple):
    """Why a replica cannot serve."""

    message: str
    exit_code: int


def fail(message: str, code: int) -> int:
    """Log why the server cannot run, and tell Kubernetes (the termination message)."""
    line = {
        "time": now(),
        "level": "CRITICAL",
        "message": message,
        "exit_code": code,
    }
    sys.stderr.buffer.write(encode([line]))
    sys.stderr.flush()
    _write_termination_message(message)
    return code


def _write_termination_message(message: str) -> None:
    path = os.environ.get("TERMINATION_MESSAGE_PATH", "/dev/termination-log")
    if not os.access(path, os.W_OK):
        return
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(message[:4096])
