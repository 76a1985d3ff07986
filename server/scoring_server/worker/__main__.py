"""Starts a worker. The server is the only caller; `Start` is the only argument."""

import faulthandler
import logging
import os
import signal
import sys
import traceback
from contextlib import suppress

import msgspec

from scoring_server.log_handler import LogHandler
from scoring_server.logs import LogWriter
from scoring_server.messages import Failed, Ready, Start
from scoring_server.progress import Progress
from scoring_server.worker.channel import Channel, ServerGone
from scoring_server.worker.contract import Contract
from scoring_server.worker.decorated import DecoratedHandler, is_decorated
from scoring_server.worker.handler import Handler
from scoring_server.worker.openapi import documents
from scoring_server.worker.output import Output
from scoring_server.worker.page import page
from scoring_server.worker.raw import MergingHandler, RawHandler
from scoring_server.worker.rawhttp import RawHttpHandler, is_rawhttp
from scoring_server.worker.script import InvalidScript, Script, load_script
from scoring_server.worker.shims import install_shims


def main() -> None:
    """Load the script, report that, and serve until the server closes the socket."""
    start = msgspec.json.decode(sys.argv[1], type=Start)
    # The server decides when a worker ends; a signal to the whole group must not cut a call.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    _let_the_server_go_first()
    channel, progress = Channel(start.socket), Progress(start.progress)
    logs = LogWriter(start.log, start.log_level)
    logging.basicConfig(handlers=[LogHandler(logs)], level=start.log_level.upper())
    output = Output(logs)
    install_shims()
    try:
        script = load_script(start.app_root, start.entry_script)
        handler = choose_handler(script, batch=start.batch_rows > 0)
        script.start()
        output.settle()
    except BaseException as error:
        output.settle()
        logs.close()
        channel.send(_failure(error))
        sys.exit(1)
    try:
        channel.send(_ready(handler, start.service))
        _serve(start, script, handler, channel, progress, output)
    except (ServerGone, ConnectionError):
        logs.close()


def _let_the_server_go_first() -> None:
    """Do not take the CPU from the server when work arrives.

    On one CPU, the server would be interrupted after handing over the first of many requests; now
    it hands over all that have arrived. A sandbox may forbid the call.
    """
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def choose_handler(script: Script, batch: bool) -> Handler:
    """Find the way in which `run` wants to be called."""
    raw, decorated = is_rawhttp(script), is_decorated(script)
    if raw and decorated:
        raise InvalidScript("run() cannot have both @rawhttp and @input_schema")
    if raw:
        return RawHttpHandler(script)
    if decorated:
        return DecoratedHandler(script)
    if script.is_typed:
        # Only such scripts need NumPy here.
        from scoring_server.worker.typed import TypedHandler  # noqa: PLC0415

        return TypedHandler(script)
    return MergingHandler(script) if batch else RawHandler(script)


def _serve(
    start: Start,
    script: Script,
    handler: Handler,
    channel: Channel,
    progress: Progress,
    output: Output,
) -> None:
    if start.concurrent:
        from scoring_server.worker.concurrent import ConcurrentLoop  # noqa: PLC0415

        loop = ConcurrentLoop(
            channel, handler, script, progress, output, start.concurrent, start.timeout_ms
        )
        loop.run()
    from scoring_server.worker.runner import Runner  # noqa: PLC0415
    from scoring_server.worker.sequential import SequentialLoop  # noqa: PLC0415

    runner = Runner(script, progress, output, start.timeout_ms)
    SequentialLoop(channel, handler, runner, start.batch_rows, start.batch_wait_ms).run()


def _ready(handler: Handler, service: str) -> Ready:
    describe = getattr(handler, "contract", Contract)
    contract = describe()
    answers = documents(service, contract)
    answers["page"] = page(service, contract)
    if getattr(handler, "tensors", False):
        from scoring_server.worker.v2 import metadata  # noqa: PLC0415

        answers["v2"] = msgspec.json.encode(metadata(service or "model", handler.inputs))
    return Ready(
        wants_headers=handler.wants_headers,
        any_method=handler.any_method,
        accepts=handler.accepts,
        documents=answers,
    )


def _failure(error: BaseException) -> Failed:
    cause = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    trace = traceback.format_exception(type(error), error, error.__traceback__)
    return Failed(cause, "".join(trace))


if __name__ == "__main__":
    main()
