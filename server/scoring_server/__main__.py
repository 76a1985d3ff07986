"""The command that a container starts."""

import logging
import os
import sys
from pathlib import Path

import msgspec
import uvloop

import scoring_server.http_library  # noqa: F401 - before everything that imports aiohttp
from scoring_server.digests import UntrustedModel, check_digests
from scoring_server.log_handler import LogHandler
from scoring_server.logs import LogWriter
from scoring_server.replica import Replica
from scoring_server.sample import InvalidSample, load_sample
from scoring_server.settings import (
    MODELS_FOLDER,
    InvalidSettings,
    load_service,
    load_settings,
)
from scoring_server.termination import EXIT_MODEL_UNTRUSTED, EXIT_SETTINGS_INVALID, Failure, fail
from scoring_server.working_folder import working_folder


def main() -> None:
    """Serve until SIGTERM; exits with 0, or with a code that names the cause."""
    sys.exit(_serve())


def _serve() -> int:
    try:
        settings, service = load_settings(), load_service()
        sample = load_sample(settings.sample_dir) if settings.sample_dir else None
    except (InvalidSettings, InvalidSample) as error:
        return fail(str(error), EXIT_SETTINGS_INVALID)
    try:
        if settings.digests == "required":
            check_digests(Path(service.app_root, MODELS_FOLDER), Path(service.digests))
    except UntrustedModel as error:
        return fail(str(error), EXIT_MODEL_UNTRUSTED)
    log = LogWriter(level=settings.log_level)
    try:
        service = msgspec.structs.replace(service, app_root=working_folder(service.app_root))
    except OSError as error:
        log.warning(f"the script cannot write to its working folder: {error}")
    logging.basicConfig(handlers=[LogHandler(log)], level=settings.log_level.upper())

    async def serve() -> Failure | None:
        return await Replica(settings, service, log, sample).serve()

    failure = uvloop.run(serve())
    log.close()
    if failure is None:
        return os.EX_OK
    return fail(*failure)


if __name__ == "__main__":
    main()
