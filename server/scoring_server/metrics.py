"""Counters of the scoring port, in the text format of Prometheus.

Counting is a bisection and two additions; `prometheus_client` turns the numbers into samples only
when somebody asks for them, so that its locks and labels cost a request nothing.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator

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
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        self._counters: dict[str, tuple[str, Callable[[], float]]] = {}

    def request(self, status: int, seconds: float, run_ns: int) -> None:
        """Count an answered request; `run_ns` is 0 if `run` was not called for it."""
        self._requests[status] += 1
        self._duration.observe(seconds)
        if run_ns:
            self._run.observe(run_ns / 1e9)

    def gauge(self, name: str, help_text: str, read: Callable[[], float]) -> None:
        """Report a present value, read when asked for."""
        self._gauges[name] = (help_text, read)

    def counter(self, name: str, help_text: str, read: Callable[[], float]) -> None:
        """Report a value that only grows, read when asked for."""
        self._counters[name] = (help_text, read)

    def collect(self) -> Iterator[object]:
        """Samples for `prometheus_client`."""
        from prometheus_client import core  # noqa: PLC0415 - only a scrape pays for the import

        requests = core.CounterMetricFamily(
            "scoring_requests", "Answered requests.", labels=["status"]
        )
        for status, count in sorted(self._requests.items()):
            requests.add_metric([str(status)], count)
        yield requests
        for name, text, histogram in (
            ("scoring_request_duration_seconds", "Time to answer a request.", self._duration),
            ("scoring_run_duration_seconds", "Time of the call of run.", self._run),
        ):
            buckets, total = histogram.cumulative()
            yield core.HistogramMetricFamily(name, text, buckets=buckets, sum_value=total)
        for name, (text, read) in self._gauges.items():
            yield core.GaugeMetricFamily(name, text, value=read())
        for name, (text, read) in self._counters.items():
            yield core.CounterMetricFamily(name, text, value=read())

    def describe(self) -> list:
        """Nothing is known before it is collected (called by `prometheus_client`)."""
        return []

    def exposition(self) -> bytes:
        """The page that Prometheus reads."""
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415

        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)
