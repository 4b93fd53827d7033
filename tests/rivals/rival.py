"""What the rivals share: arguments, the clock, the answer.

The clock runs while the engine works. Starting Python, importing the package and starting a session is
not held against it, though all of that is part of Demur's time.
"""

import argparse
import json
import time
from pathlib import Path

ZONE = "Europe/Dublin"
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("job")
    parser.add_argument("platform", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--third-party", action="store_true", help="drop what names people who said no to that")
    parser.add_argument("--set", type=Path, help="what to rewrite")
    parser.add_argument("--people", type=Path, help="who leaves")
    parser.add_argument("--rounds", type=int, default=1, help="how often, for jobs in memory")
    return parser.parse_args()


ARGUMENTS = arguments()


def main(version, connect, jobs):
    """Runs the job of that name, after `prepare_` and the name, where that is there."""
    given = ARGUMENTS
    connection = connect(given.platform)
    prepare = jobs.get(f"prepare_{given.job}")
    if prepare:
        prepare(connection, given.platform)
    seconds = []
    for _ in range(given.rounds):
        started = time.perf_counter()
        rows = jobs[given.job](connection, given.platform, given.out, given.third_party)
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": seconds, "rows": rows, "version": version}))
