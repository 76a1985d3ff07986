"""The metrics of a replica, in the text format of Prometheus.

Every metric is declared here. Values that some part of the replica keeps anyway are read when
Prometheus asks (`GAUGES`, `COUNTERS`; `replica.py` says where from). What is counted for each
request is a bisection and two additions; `prometheus_client` makes samples of the numbers only when
it is asked, so that its locks and labels cost a request nothing.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

GAUGES = {
    "scoring_ready": "1 while requests are accepted.",
    "scoring_requests_in_flight": "Requests that are not answered yet.",
    "scoring_requests_waiting": "Requests in the queue.",
}
"""Values that go up and down: name and help text."""
COUNTERS = {
    "scoring_worker_restarts": "Workers replaced.",
    "scoring_workers_killed": "Stuck workers killed.",
    "scoring_observations_dropped": "Scored requests that observers missed.",
    "scoring_log_lines_dropped": "Log lines dropped.",
}
"""Values that only grow: name (Prometheus appends `_total`) and help text."""

# Upper bounds of the buckets, in seconds.
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Histogram:
    """Observations counted into buckets."""

    def __init__(self, bounds: tuple[float, ...] = _BOUNDS) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count one observation."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def cumulative(self) -> tuple[list[tuple[str, float]], float]:
        """Buckets as Prometheus wants them, and the sum of the observations."""
        total, buckets = 0, []
        for bound, count in zip((*self._bounds, float("inf")), self._counts, strict=True):
            total += count
            buckets.append(("+Inf" if bound == float("inf") else str(bound), total))
        return buckets, self._sum


class Metrics:
    """What a replica counts."""

    def __init__(self) -> None:
        self._requests: dict[int, int] = defaultdict(int)
        self._duration = Histogram()
        self._run = Histogram()
        self._readers: dict[str, Callable[[], float]] = {}

    def request(self, status: int, seconds: float, run_ns: int) -> None:
        """Count an answered request; `run_ns` is 0 if `run` was not called for it."""
        self._requests[status] += 1
        self._duration.observe(seconds)
        if run_ns:
            self._run.observe(run_ns / 1e9)

    def read_from(self, readers: Mapping[str, Callable[[], float]]) -> None:
        """Tell where the gauges and counters are read; raises `ValueError` if one is missing."""
        undeclared = readers.keys() ^ (GAUGES.keys() | COUNTERS.keys())
        if undeclared:
            raise ValueError(f"metrics without a declaration or a reader: {sorted(undeclared)}")
        self._readers = dict(readers)

    def collect(self) -> Iterator[object]:
        """Samples for `prometheus_client`."""
        from prometheus_client import core  # noqa: PLC0415 - only a scrape pays for the import

        requests = core.CounterMetricFamily(
            "scoring_requests", "Answered requests.", labels=["status"]
        )
        for status, count in sorted(self._requests.items()):
            requests.add_metric([str(status)], count)
        yield requests
        for name, help_text, histogram in (
            ("scoring_request_duration_seconds", "Time to answer a request.", self._duration),
            ("scoring_run_duration_seconds", "Time of the call of run.", self._run),
        ):
            buckets, total = histogram.cumulative()
            yield core.HistogramMetricFamily(name, help_text, buckets=buckets, sum_value=total)
        for name, help_text in GAUGES.items():
            yield core.GaugeMetricFamily(name, help_text, value=self._readers[name]())
        for name, help_text in COUNTERS.items():
            yield core.CounterMetricFamily(name, help_text, value=self._readers[name]())

    def describe(self) -> list:
        """Nothing, because `collect` describes what it yields (called by `prometheus_client`)."""
        return []

    def exposition(self) -> bytes:
        """The page that Prometheus reads."""
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415

        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)
