"""Starts a worker. The server is the only caller; `Start` is the only argument."""

import faulthandler
import logging
import signal
import sys
import traceback

import msgspec

from scoring_server.logs import LogHandler, LogWriter
from scoring_server.messages import Failed, Ready, Start
from scoring_server.progress import Progress
from scoring_server.worker.channel import Channel, ServerGone
from scoring_server.worker.contract import Contract
from scoring_server.worker.handler import Handler
from scoring_server.worker.openapi import documents
from scoring_server.worker.output import LogStream
from scoring_server.worker.raw import RawHandler
from scoring_server.worker.script import Script, load_script
from scoring_server.worker.sequential import Runner, SequentialLoop


def main() -> None:
    """Load the script, say so, and serve until the server closes the socket."""
    start = msgspec.json.decode(sys.argv[1], type=Start)
    # The server decides when a worker ends; a signal to the whole group must not cut a call.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    channel, progress = Channel(start.socket), Progress(start.progress)
    logs = _capture_output(start.log_level)
    try:
        script = load_script(start.app_root, start.entry_script)
        handler = RawHandler(script)
        script.init()
    except BaseException as error:  # noqa: BLE001 - whatever it is, it ends the start
        channel.send(_failure(error))
        logs.close()
        sys.exit(1)
    try:
        channel.send(_ready(handler, start.service))
        SequentialLoop(channel, handler, Runner(script, progress, start.timeout_ms)).run()
    except (ServerGone, ConnectionError):
        logs.close()


def _capture_output(level: str) -> LogWriter:
    writer = LogWriter(level=level)
    logging.basicConfig(handlers=[LogHandler(writer)], level=level.upper())
    sys.stdout = LogStream(writer, logging.INFO, "stdout")
    sys.stderr = LogStream(writer, logging.WARNING, "stderr")
    return writer


def _ready(handler: Handler, service: str) -> Ready:
    return Ready(
        wants_headers=handler.wants_headers,
        any_method=handler.any_method,
        accepts=handler.accepts,
        documents=documents(service, Contract()),
    )


def _failure(error: BaseException) -> Failed:
    cause = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    return Failed(cause, "".join(traceback.format_exception(error)))


if __name__ == "__main__":
    main()
