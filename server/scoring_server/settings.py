"""Every setting of the server, read once from environment variables.

This module is the one source: the table in `docs/scoring-settings.md` and `settings.schema.json`,
against which the deploying program checks settings, are generated from it by
`sh server/test --write-docs`.
"""

import os
import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

PREFIX = "SCORING_"
# Where Azure ML's images have the code, and the folder of the models in it: NAME/1/... each.
APP_ROOT = "/var/azureml-app"
MODELS_FOLDER = "azureml-models"
# The manifest of the models' digests, in the build context and beside the server in the image.
DIGESTS_FILE = "model-digests.json"
Port = Annotated[int, Meta(ge=1, le=65535)]
Positive = Annotated[int, Meta(ge=1)]
NotNegative = Annotated[int, Meta(ge=0)]

SHUTDOWN_TERMS = ("drain_ms", "body_timeout_ms", "queue_wait_ms", "timeout_ms", "stuck_grace_ms")
"""The settings whose sum is the longest life of a request that is accepted as the drain ends: its
body arrives, it waits for its turn, `run` takes its full time and then ignores its interruption."""
SHUTDOWN_MARGIN_MS = 5_000
"""Added to that sum: the server looks at its limits up to 0.25 s late, and after the last answer
it closes connections, workers and the log, which is limited to 4 s in all."""


class InvalidSettings(Exception):
    """The environment holds a setting that does not exist or that has an invalid value."""


def variable(field: str) -> str:
    """The environment variable of a field of `Settings`."""
    return PREFIX + field.upper()


def _about(text: str) -> Meta:
    return Meta(description=text)


def _of_program(text: str) -> Meta:
    """Describe a setting that the deploying program decides: users cannot set it there."""
    return Meta(description=text, extra_json_schema={"x-owner": "program"})


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename=variable):
    """The variables that start with ``SCORING_``; one that is not listed here stops the start."""

    host: Annotated[str, _of_program("Address that both ports listen on.")] = "0.0.0.0"  # noqa: S104
    port: Annotated[Port, _of_program("Port of the scoring routes.")] = 5001
    health_port: Annotated[Port, _of_program("Port of the probes and of the metrics.")] = 5002
    auth: Annotated[
        Literal["keys", "none"],
        _about("`keys` asks every caller for a key; `none` lets everyone in."),
    ] = "keys"
    keys_dir: Annotated[
        str,
        _of_program("Folder with the key files `primary` and `secondary`, re-read on changes."),
    ] = "/etc/scoring/keys"
    sample_dir: Annotated[
        str,
        _of_program(
            "Folder of a sample that is scored before the first request is taken; a wrong, late or "
            "failing answer ends the server. Empty for none."
        ),
    ] = ""
    workers: Annotated[Positive, _about("Processes that run the script; each loads the model.")] = 1
    concurrency: Annotated[
        Positive,
        _about(
            "Calls of `run` at the same time in one replica. Above `WORKERS`, a worker uses "
            "threads (or tasks, for `async def run`), so `run` must be safe to call at once."
        ),
    ] = 1
    queue_length: Annotated[
        NotNegative, _about("Requests that may wait for `run`; the next one is answered 503.")
    ] = 100
    queue_wait_ms: Annotated[
        Positive, _about("Longest wait for `run`, in milliseconds; then the answer is 503.")
    ] = 500
    timeout_ms: Annotated[
        Positive, _about("Longest call of `run`, in milliseconds; then the answer is 504.")
    ] = 60_000
    stuck_grace_ms: Annotated[
        Positive,
        _about(
            "How long a timed-out `run` may ignore its interruption, in milliseconds, before "
            "its process is killed and replaced."
        ),
    ] = 2_000
    init_attempts: Annotated[
        Positive,
        _about(
            "Starts of a worker that may fail in a row after the first success before the "
            "server gives up."
        ),
    ] = 5
    max_body_bytes: Annotated[
        Positive, _about("Largest request body, in bytes; a larger one is answered 413.")
    ] = 10 * 1024 * 1024
    header_timeout_ms: Annotated[
        Positive, _about("Longest time to send the head of a request, in milliseconds.")
    ] = 10_000
    idle_timeout_ms: Annotated[
        Positive,
        _about(
            "How long a connection may wait for its next request, in milliseconds; keep it above "
            "that of the proxies in front, or they use connections that are just being closed."
        ),
    ] = 3_630_000
    body_timeout_ms: Annotated[
        Positive, _about("Longest time to send the body of a request, in milliseconds (408).")
    ] = 30_000
    max_connections: Annotated[
        Positive,
        _about(
            "Open connections; beyond it the one that has waited longest for a request is closed. "
            "Keep it above the sum of the clients' pools."
        ),
    ] = 4_096
    content_types: Annotated[
        str,
        _about(
            "Comma-separated media types that an untyped `run` accepts (others: 415). A "
            "request that names none is accepted too."
        ),
    ] = "application/json,application/octet-stream,text/plain,text/csv"
    batch: Annotated[
        Literal["off", "on"],
        _about("`on` joins requests that wait into one call of `run`, row by row."),
    ] = "off"
    batch_rows: Annotated[Positive, _about("Most rows in one joined call.")] = 1_024
    batch_wait_ms: Annotated[
        NotNegative,
        _about(
            "Longest time a joined call waits for further requests, in milliseconds. It never "
            "waits longer than a tenth of what a call usually takes."
        ),
    ] = 0
    threads: Annotated[
        NotNegative,
        _about("Threads of BLAS and OpenMP in each worker; 0 follows the CPU limit."),
    ] = 0
    digests: Annotated[
        Literal["required", "off"],
        _about(
            "`required` checks each model file against the manifest written when the model "
            "was registered, before the script is loaded; `off` checks nothing."
        ),
    ] = "required"
    drain_ms: Annotated[
        NotNegative,
        _about(
            "How long new requests are still accepted after SIGTERM, in milliseconds: the "
            "time that load balancers need to notice that the replica is not ready."
        ),
    ] = 5_000
    public_docs: Annotated[bool, _about("Serve `/swagger.json` and `/docs` without a key.")] = False
    observers: Annotated[
        str,
        _about(
            "Comma-separated `module:Class` of classes beside the server whose `observe` is "
            "called with each scored request, in a thread of its own."
        ),
    ] = ""
    access_log: Annotated[bool, _about("Log one line for each scoring request.")] = True
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], _about("Least severe line that is logged.")
    ] = "info"

    @property
    def shutdown_ms(self) -> int:
        """Longest time from SIGTERM to the exit; the pod's termination grace period."""
        return sum(getattr(self, term) for term in SHUTDOWN_TERMS) + SHUTDOWN_MARGIN_MS


class Service(msgspec.Struct, frozen=True):
    """The variables that Azure ML defines; only the script reads `AZUREML_MODEL_DIR`."""

    name: str
    """Empty when the platform names none; then every service name in a path is accepted."""
    app_root: str
    """Folder of the code."""
    entry_script: str
    """Path of the script in that folder."""
    digests: str = ""
    """The manifest of the models' digests."""


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises `InvalidSettings` with one line that names the variable."""
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    try:
        return msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidSettings(_explain(str(error), given)) from None


def load_service(environment: Mapping[str, str] = os.environ) -> Service:
    """Read the variables of the platform, with the defaults of Azure ML's images."""
    return Service(
        name=environment.get("SERVICE_NAME", ""),
        app_root=environment.get("AML_APP_ROOT", APP_ROOT),
        entry_script=environment.get("AZUREML_ENTRY_SCRIPT", "score.py"),
        # In the image the server's virtual environment is /opt/scoring; tests name another file.
        digests=environment.get("AZUREML_MODEL_DIGESTS", str(Path(sys.prefix, DIGESTS_FILE))),
    )


def _explain(message: str, given: Mapping[str, str]) -> str:
    """One line that names the variable, its value and the rule, from the message of msgspec."""
    unknown = re.search(r"unknown field `(\w+)`", message)
    if unknown:
        known = [name.removeprefix(PREFIX) for name in _rules()]
        near = get_close_matches(unknown[1].removeprefix(PREFIX), known, n=1)
        hint = f"; did you mean {PREFIX}{near[0]}?" if near else ""
        return f"unknown setting {unknown[1]}{hint}"
    fault = re.search(r"at `\$\.(\w+)`", message)
    if fault:
        name = fault[1]
        return (
            f"{name} has the invalid value {given[name]!r}: it must be {_allowed(_rules()[name])}"
        )
    return message


def _rules() -> dict[str, dict]:
    return msgspec.json.schema(Settings)["$defs"]["Settings"]["properties"]


def _allowed(rule: dict) -> str:
    """What a rule of the schema allows, in words."""
    if "enum" in rule:
        return f"one of {', '.join(rule['enum'])}"
    if rule["type"] == "boolean":
        return "true or false"
    limits = (("minimum", "at least"), ("maximum", "at most"))
    words = [f"{words} {rule[limit]}" for limit, words in limits if limit in rule]
    return " ".join(["an integer,", " and ".join(words)])
