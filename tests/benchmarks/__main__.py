"""Run the race and write its table: in tests/, `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import json
import platform
import resource
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import highspy

from benchmarks.cities import KINDS, SCORES, city
from benchmarks.race import RACERS, calibration
from benchmarks.report import picture, table


def main(arguments: Sequence[str]) -> int:
    """Race over every kind, score and seed of the sizes; the figures so far are always on disk."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2_000, 10_000, 50_000])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--scores", nargs="+", choices=SCORES, default=SCORES)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=30.0, help="seconds for each solver")
    parser.add_argument("--solvers", nargs="+", choices=RACERS, default=list(RACERS))
    parser.add_argument("--out", type=Path, required=True, help="folder for the figures")
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {"machine": machine(), "limit": asked.limit, "runs": []}
    for size in asked.sizes:
        for kind in asked.kinds:
            for scores in asked.scores:
                for seed in range(1, asked.seeds + 1):
                    instance = city(size, seed, kind, scores)
                    for solver in asked.solvers:
                        lap = RACERS[solver](instance, asked.limit)
                        run = {
                            "size": size,
                            "kind": kind,
                            "scores": scores,
                            "seed": seed,
                            "solver": solver,
                            "seconds": {str(gap): round(s, 3) for gap, s in lap.seconds.items()},
                            "gap": lap.gap,
                            "remark": lap.remark,
                        }
                        found["runs"].append(run)
                        print(json.dumps(run), file=sys.stderr)
                    write(found, asked.out)
    return 0


def write(found: dict[str, Any], folder: Path) -> None:
    """The figures, their table and their picture."""
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found["machine"]["peak_megabytes"] = megabytes
    (folder / "race.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (folder / "race.md").write_text(table(found), "utf-8")
    (folder / "race.svg").write_text(picture(found), "utf-8")


def machine() -> dict[str, Any]:
    """Where, when and with what; the calibration is a fixed piece of work."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "highs": highspy.Highs().version(),
        "pulp": version("pulp"),
        "kayuh": version("kayuh"),
        "calibration": round(calibration(), 4),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
