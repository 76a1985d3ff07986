"""One replica of a service from its start to its end."""

import asyncio
import gc
import signal
import time

from scoring_server.app import ScoringApp
from scoring_server.gate import Gate, SampleFailed
from scoring_server.health import HealthApp
from scoring_server.http_server import HttpServer, Limits
from scoring_server.keys import Keys
from scoring_server.logs import LogWriter
from scoring_server.messages import Failed
from scoring_server.metrics import Metrics
from scoring_server.observers import Observers
from scoring_server.pool import Pool
from scoring_server.sample import Sample
from scoring_server.settings import Service, Settings
from scoring_server.termination import EXIT_SAMPLE_FAILED, EXIT_SCRIPT_FAILED, Failure

_KEYS_CHECK_S = 1.0
_POLL_S = 0.02
_HEALTH_CONNECTIONS = 256
_CLOSING_S = 0.5
# All that follows the last answer: two ports, each up to 2 * _CLOSING_S, the workers (0.5 s) and
# the log (1 s). Part of SHUTDOWN_MARGIN_MS.
_AFTER_LAST_ANSWER_S = 4.0
# Requests make few cycles: look for them less often than every 700 objects.
_COLLECT_AFTER = 20_000


class Replica:
    """The two ports, the workers and their life cycle."""

    def __init__(
        self, settings: Settings, service: Service, log: LogWriter, sample: Sample | None = None
    ) -> None:
        """Take the parts; with a sample, no request is taken before it is answered as expected."""
        self._settings, self._log, self._sample = settings, log, sample
        self._keys = Keys(settings.keys_dir)
        self._end = asyncio.Event()
        self._failure: Failure | None = None
        self._open = False
        self._pool = Pool(settings, service, log, self._fail)
        metrics = Metrics()
        observers = Observers.named(settings.observers, log)
        self._app = ScoringApp(settings, service, self._keys, self._pool, metrics, log, observers)
        self._health = HealthApp(lambda: self._pool.script is not None, self._is_ready, metrics)
        pool, app = self._pool, self._app
        metrics.read_from(
            {
                "scoring_ready": self._is_ready,
                "scoring_requests_in_flight": lambda: app.in_flight,
                "scoring_requests_waiting": lambda: pool.waiting,
                "scoring_worker_restarts": lambda: pool.restarts,
                "scoring_workers_killed": lambda: pool.killed,
                "scoring_observations_dropped": lambda: observers.dropped,
                "scoring_log_lines_dropped": lambda: log.dropped,
            }
        )

    async def serve(self) -> Failure | None:
        """Serve until SIGTERM or until the model cannot be served; returns why in that case."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._end.set)
        loop.add_signal_handler(signal.SIGINT, self._end.set)
        self._pool.start()
        scoring_port, health_port = self._ports()
        _tune_collector()
        await health_port.listen(self._settings.host, self._settings.health_port)
        if self._sample is None:
            await self._listen(scoring_port)
        watches = (
            self._watch_keys(),
            self._app.bodies.watch(),
            scoring_port.watch(),
            health_port.watch(),
        )
        tasks = [asyncio.create_task(watch) for watch in watches]
        if self._sample is not None:
            await self._listen_after(self._sample, scoring_port)
        await self._end.wait()
        if self._failure is None and self._open:
            await self._drain(scoring_port)
        for task in tasks:
            task.cancel()
        await scoring_port.stop(_CLOSING_S)
        await health_port.stop(_CLOSING_S)
        await self._pool.stop()
        return self._failure

    async def _listen(self, scoring_port: HttpServer) -> None:
        await scoring_port.listen(self._settings.host, self._settings.port)
        self._open = True

    async def _listen_after(self, sample: Sample, scoring_port: HttpServer) -> None:
        """Take requests once the sample is answered, unless the end comes first."""
        gate = Gate(sample, self._settings, self._keys, self._pool)
        door, _ = self._ports()
        answered = asyncio.ensure_future(gate.open(door))
        ended = asyncio.ensure_future(self._end.wait())
        await asyncio.wait({answered, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if self._end.is_set():
            answered.cancel()
            await asyncio.gather(answered, return_exceptions=True)
            return
        try:
            seconds = answered.result()
        except SampleFailed as error:
            message = f"the sample is not answered as expected: {error}"
            self._end_with(Failure(message, EXIT_SAMPLE_FAILED))
            return
        await self._listen(scoring_port)
        self._log.info("the sample is answered as expected", ms=round(seconds * 1000, 3))

    def _ports(self) -> tuple[HttpServer, HttpServer]:
        """The scoring port and the health port."""
        settings, app, health = self._settings, self._app, self._health
        limits = Limits(
            settings.max_connections,
            head_s=settings.header_timeout_ms / 1000,
            idle_s=settings.idle_timeout_ms / 1000,
        )
        return (
            HttpServer(app.handle, app.refuse, limits),
            HttpServer(
                health.handle, health.refuse, limits._replace(connections=_HEALTH_CONNECTIONS)
            ),
        )

    def _is_ready(self) -> bool:
        return self._open and self._pool.ready and not self._app.draining

    def _fail(self, failure: Failed) -> None:
        message = f"the scoring script cannot run: {failure.cause}"
        self._end_with(Failure(message, EXIT_SCRIPT_FAILED))

    def _end_with(self, failure: Failure) -> None:
        # What comes first is the cause.
        self._failure = self._failure or failure
        self._end.set()

    async def _watch_keys(self) -> None:
        while True:
            await asyncio.sleep(_KEYS_CHECK_S)
            if self._keys.reload():
                self._log.info("keys changed", accepted=len(self._keys))

    async def _drain(self, port: HttpServer) -> None:
        """Report not ready, serve what still arrives, then finish what was accepted.

        Ends at once when nothing is left, and at the latest when every accepted request has had
        the time that the settings allow it (`Settings.shutdown_ms`).
        """
        last = time.monotonic() + self._settings.shutdown_ms / 1000 - _AFTER_LAST_ANSWER_S
        self._app.draining = True
        self._log.info("draining", in_flight=self._app.in_flight)
        await asyncio.sleep(self._settings.drain_ms / 1000)
        port.close_idle()
        while port.busy and self._failure is None and time.monotonic() < last:
            await asyncio.sleep(_POLL_S)
        if port.busy:
            self._log.warning("time to shut down exceeded", in_flight=self._app.in_flight)
            self._pool.abandon()
            await asyncio.sleep(_POLL_S)
        self._log.info("stopped", in_flight=self._app.in_flight)


def _tune_collector() -> None:
    """Leave out what lives as long as the process when looking for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 10, 10)
