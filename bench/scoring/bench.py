"""Runs the contenders in turn, again and again, and writes a table and a plot."""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from contenders import HERE, VENVS, Contender, Running, azureml, ours, peer

EXAMPLE = HERE.parents[1] / "scoring"
LOAD_CORE = "1"
TWO = json.dumps(json.loads((EXAMPLE / "sample-request.json").read_text())).encode()
THOUSAND = json.dumps({"data": [[i / 7 + j / 3 for j in range(10)] for i in range(1000)]}).encode()
REFERENCE = "azureml-inference-server-http"
TYPED = """
import os
from typing import Annotated
import joblib
import numpy as np
from scoring_server.types import Array

def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "MODEL_FILE"))

def run(data: Annotated[np.ndarray, Array(shape=(None, 10))]):
    return model.predict(data)
"""
FOREST = """
import joblib
from sklearn.datasets import load_diabetes
from sklearn.ensemble import RandomForestRegressor
x, y = load_diabetes(return_X_y=True)
joblib.dump(RandomForestRegressor(200, random_state=0, n_jobs=1).fit(x, y), "forest.pkl")
"""
BARE = """
import sys, timeit
sys.path.insert(0, ".")
import score
score.init()
body = open("two.json").read()
import numpy as np, json
data = np.array(json.loads(body)["data"])
print(min(timeit.repeat(lambda: score.model.predict(data), number=2000, repeat=5)) / 2000 * 1e6,
      min(timeit.repeat(lambda: score.run(body), number=2000, repeat=5)) / 2000 * 1e6)
"""
METRICS = """
import timeit
from scoring_server.metrics import Metrics
metrics = Metrics()
count = lambda: metrics.request(200, 0.0015, 50_000)
print(min(timeit.repeat(count, number=20_000, repeat=5)) / 20_000 * 1e6)
"""


def contenders() -> list[Contender]:
    """Those that serve the two-row request of the tutorial."""
    return [
        azureml(),
        peer("fastapi on uvicorn", "fastapi"),
        peer("uvicorn, no framework", "uvicorn"),
        peer("granian, no framework", "granian"),
        peer("aiohttp, no framework", "aiohttp"),
        ours("ours"),
        ours("ours, joined", batch="on"),
        ours("ours, joined, no access log", batch="on", access_log="false"),
        ours("ours, typed and joined", "typed.py", batch="on"),
        peer("limit: aiohttp, fixed body", "fixed"),
    ]


def prepare(folder: Path) -> None:
    """Write the scripts, the models and the bodies."""
    shutil.copy(EXAMPLE / "score.py", folder)
    shutil.copy(EXAMPLE / "model.pkl", folder)
    (folder / "typed.py").write_text(TYPED.replace("MODEL_FILE", "model.pkl"))
    (folder / "forest.py").write_text(TYPED.replace("MODEL_FILE", "forest.pkl"))
    python = VENVS / "ours/bin/python"
    subprocess.run([python, "-c", FOREST], cwd=folder, check=True)
    for name, body in (("two", TWO), ("thousand", THOUSAND)):
        (folder / f"{name}.json").write_bytes(body)
        (folder / f"{name}.lua").write_text(
            f'local file = io.open("{folder}/{name}.json")\nwrk.body = file:read("*a")\n'
            'wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\n'
        )


def load(folder: Path, port: int, body: str, connections: int, seconds: int) -> dict[str, float]:
    """Requests a second and latencies in milliseconds; stops at answers that are not 200."""
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    script = ["--latency", "-s", str(folder / f"{body}.lua")]
    address = f"http://127.0.0.1:{port}/score"
    text = subprocess.run(
        [*command, *script, address], check=True, capture_output=True, text=True
    ).stdout
    if "Non-2xx" in text:
        sys.exit(f"port {port} did not answer every request with 200:\n{text}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    return {"rate": rate, "p50": _latency(text, "50"), "p99": _latency(text, "99")}


def _latency(text: str, percentile: str) -> float:
    value, unit = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def measure(contender: Contender, folder: Path, port: int, seconds: int) -> dict[str, float]:
    """One round of one contender."""
    running = Running(contender, folder, port)
    try:
        cold = running.wait(TWO)
        load(folder, port, "two", 32, 1)
        many = load(folder, port, "two", 32, seconds)
        one = load(folder, port, "two", 1, seconds)
        rss, pss = running.memory_mb()
        big = load(folder, port, "thousand", 4, seconds)
    finally:
        running.stop()
    return {
        "cold": cold, "rss": rss, "pss": pss, "c32": many["rate"], "c32_p99": many["p99"],
        "c1_p50": one["p50"], "c1_p99": one["p99"], "rows": big["rate"] * 1000,
    }  # fmt: skip


def measure_forest(folder: Path, port: int, seconds: int) -> dict[str, float]:
    """Requests a second of 200 trees, one by one and joined, right after one another."""
    result = {}
    for name, batch in (("single", "off"), ("joined", "on")):
        running = Running(ours(f"forest {name}", "forest.py", batch=batch, queue_wait_ms="60000"),
                          folder, port)  # fmt: skip
        try:
            running.wait(TWO)
            result[name] = load(folder, port, "two", 32, seconds)["rate"]
        finally:
            running.stop()
    return result


def seconds_to(statement: str, folder: Path) -> float:
    """Seconds that a Python process takes for a statement."""
    started = time.perf_counter()
    python = VENVS / "ours/bin/python"
    subprocess.run(["taskset", "-c", "0", python, "-c", statement], cwd=folder, check=True)
    return time.perf_counter() - started


def microseconds(program: str, folder: Path) -> list[float]:
    """What a program prints, run on the core of the servers."""
    text = subprocess.run(
        ["taskset", "-c", "0", VENVS / "ours/bin/python", "-c", program],
        cwd=folder, check=True, capture_output=True, text=True,
        env={"OMP_NUM_THREADS": "1", "AZUREML_MODEL_DIR": str(folder)},
    ).stdout  # fmt: skip
    return [float(word) for word in text.split()]


def spread(values: list[float]) -> str:
    """Median and range."""
    middle = statistics.median(values)
    digits = 0 if middle >= 100 else 2
    low, high = f"{min(values):.{digits}f}", f"{max(values):.{digits}f}"
    return f"{middle:.{digits}f} ({low}-{high})"


def table(rounds: list[dict], forest: list[dict], notes: list[str]) -> str:
    """The results as Markdown; a ratio is the median of the ratios of the rounds."""
    head = ["contender", "req/s, 32 connections", "x azureml", "p99 ms", "p50 ms, 1 connection",
            "1,000-row rows/s", "x azureml", "start s", "RSS MB", "PSS MB"]  # fmt: skip
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    for name in rounds[0]:
        values = {key: [r[name][key] for r in rounds] for key in rounds[0][name]}
        ratio, rows = (
            statistics.median(r[name][key] / r[REFERENCE][key] for r in rounds)
            for key in ("c32", "rows")
        )
        cells = [name, spread(values["c32"]), f"{ratio:.1f}", spread(values["c32_p99"]),
                 spread(values["c1_p50"]), spread(values["rows"]), f"{rows:.1f}",
                 spread(values["cold"]), spread(values["rss"]), spread(values["pss"])]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    gains = [r["joined"] / r["single"] for r in forest]
    lines += ["", f"Forest of 200 trees, joined against one by one: x {spread(gains)}.", *notes]
    return "\n".join(lines) + "\n"


def plot(rounds: list[dict], file: Path) -> None:
    """Requests a second of each contender, with every round as a dot."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    names = list(rounds[0])[::-1]
    rates = [[r[name]["c32"] for r in rounds] for name in names]
    figure, axes = pyplot.subplots(figsize=(8, 3.6), layout="constrained")
    axes.barh(names, [statistics.median(rate) for rate in rates], color="#4c78a8")
    for position, rate in enumerate(rates):
        axes.plot(rate, [position] * len(rate), "k.", markersize=4)
    axes.set_xlabel("requests per second, 32 connections, one core")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file)


def measure_all(
    folder: Path, rounds: int, seconds: int
) -> tuple[list[dict], list[dict], list[str]]:
    """All rounds of the contenders and of the forest, and what else is worth a line."""
    measured, forest, imports = [], [], []
    for number in range(rounds):
        measured.append(
            {
                contender.name: measure(contender, folder, 21000 + 10 * index, seconds)
                for index, contender in enumerate(contenders())
            }
        )
        forest.append(measure_forest(folder, 21500, seconds))
        imports.append(seconds_to("import sklearn.linear_model, joblib", folder))
        sys.stderr.write(f"round {number + 1} of {rounds} done\n")
    bare, counting = microseconds(BARE, folder), microseconds(METRICS, folder)[0]
    joined = statistics.median(1e6 / one["ours, joined"]["c32"] for one in measured)
    notes = [
        f"`import sklearn` alone: {spread(imports)} s.",
        f"`predict` alone: {bare[0]:.0f} us, `run` of the two rows: {bare[1]:.0f} us.",
        f"Counting a request for the metrics: {counting:.2f} us, "
        f"{counting / joined:.1%} of the {joined:.1f} us of a joined request.",
    ]
    return measured, forest, notes


def main() -> None:
    """Measure and write `results/`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        rounds, forest, notes = measure_all(folder, options.rounds, options.seconds)
    text = table(rounds, forest, notes)
    (results / "table.md").write_text(text)
    (results / "rounds.json").write_text(json.dumps({"rounds": rounds, "forest": forest}, indent=1))
    plot(rounds, results / "requests.svg")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
