"""The CPU limit of the container."""

import math
import os
from pathlib import Path

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def cpu_limit(cgroup: Path = Path("/sys/fs/cgroup")) -> float:
    """CPUs that this process may use: the cgroup's quota, but never more than its CPU set."""
    available = float(len(os.sched_getaffinity(0)))
    quota = _quota_v2(cgroup) or _quota_v1(cgroup)
    return min(available, quota) if quota else available


def thread_variables(threads: int, workers: int, limit: float) -> dict[str, str]:
    """Variables that keep the numeric libraries of one worker within its share of the CPUs.

    `threads` of 0 derives the number from the limit; a variable that is set already is kept.
    """
    share = threads or max(1, math.floor(limit / workers))
    return {name: os.environ.get(name, str(share)) for name in THREAD_VARIABLES}


def _quota_v2(cgroup: Path) -> float | None:
    fields = _fields(cgroup / "cpu.max")
    if len(fields) != 2 or fields[0] == "max":  # noqa: PLR2004
        return None
    return int(fields[0]) / int(fields[1])


def _quota_v1(cgroup: Path) -> float | None:
    quota = _fields(cgroup / "cpu" / "cpu.cfs_quota_us")
    period = _fields(cgroup / "cpu" / "cpu.cfs_period_us")
    if not quota or not period or int(quota[0]) <= 0:
        return None
    return int(quota[0]) / int(period[0])


def _fields(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:
        return []
