"""Measures the server beside the one of an earlier commit, pair by pair, and writes a table."""

import argparse
import os
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench import measure, prepare
from contenders import Contender, ours

# What is measured, as its column is headed.
COLUMNS = {
    "c32": "req/s, 32 connections",
    "c32_p99": "p99 ms",
    "c1_p50": "p50 ms, 1 connection",
    "rows": "1,000-row rows/s",
    "cold": "start s",
    "rss": "RSS MB",
    "pss": "PSS MB",
}


def contenders() -> list[Contender]:
    """The ways in which requests are scored."""
    return [
        ours("ours"),
        ours("ours, joined", batch="on"),
        ours("ours, typed and joined", "typed.py", batch="on"),
    ]


def of(contender: Contender, package: str) -> Contender:
    """The same contender with the server of a folder."""
    return replace(contender, settings={**contender.settings, "PYTHONPATH": package})


def measure_pairs(
    packages: dict[str, str], rounds: int, seconds: int
) -> dict[str, list[dict[str, dict[str, float]]]]:
    """Each contender with each of the servers in turn; the one that goes first changes."""
    measured: dict[str, list[dict[str, dict[str, float]]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        for number in range(rounds):
            order = list(packages.items())[:: 1 if number % 2 == 0 else -1]
            for contender in contenders():
                pair = {
                    which: measure(of(contender, package), folder, 21000, seconds)
                    for which, package in order
                }
                measured.setdefault(contender.name, []).append(pair)
            sys.stderr.write(f"round {number + 1} of {rounds} done\n")
    return measured


def change(pairs: list[dict[str, dict[str, float]]], key: str) -> str:
    """Medians before and after, and the changes of the pairs: median, least and greatest."""
    before, after = (statistics.median(p[which][key] for p in pairs) for which in ("before", "now"))
    changes = [100 * (p["now"][key] / p["before"][key] - 1) for p in pairs]
    low, middle, high = min(changes), statistics.median(changes), max(changes)
    digits = 0 if before >= 100 else 2
    return f"{before:.{digits}f} {after:.{digits}f} {middle:+.1f} % ({low:+.1f} to {high:+.1f})"


def table(measured: dict[str, list[dict[str, dict[str, float]]]]) -> str:
    """The comparison as Markdown."""
    lines = [f"| {' | '.join(['before, now, change', *COLUMNS.values()])} |"]
    lines.append("|" + " --- |" * (len(COLUMNS) + 1))
    for name, pairs in measured.items():
        lines.append(f"| {' | '.join([name, *(change(pairs, key) for key in COLUMNS)])} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    packages = {"before": os.environ["BENCH_BEFORE"], "now": os.environ["BENCH_NOW"]}
    sys.stdout.write(table(measure_pairs(packages, options.rounds, options.seconds)))


if __name__ == "__main__":
    main()
