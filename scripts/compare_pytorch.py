#!/usr/bin/env python3
"""Runs `isoflop bench` and scripts/peer_pytorch.py in turn, several times, and prints the ratios.

    python3 scripts/compare_pytorch.py --rounds 5 --seconds 3

A shared machine drifts by more than the two differ, so each round measures both, one right after the
other, and the table shows the median over the rounds of the round's own ratio: above 1, isoflop is
faster. Needs a Python with PyTorch 2.x; what it measures and how, the two programs say themselves.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
Cell = tuple[str, int]  # precision, params


def run(command: list[str]) -> None:
    """Runs a command quietly; its output is shown where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def speeds(table: Path) -> dict[tuple[str, Cell], float]:
    """Reads tokens per second by (mode, (precision, params))."""
    with table.open(newline="") as file:
        return {
            (row.get("mode") or "isoflop", (row["precision"], int(row["params"]))): float(
                row["tokens_per_second"]
            )
            for row in csv.DictReader(file)
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="per measurement (default 3)")
    parser.add_argument("--mode", default="eager", help="of the peer: eager, compile or both")
    parser.add_argument("--precision", default="float32,bfloat16")
    parser.add_argument("--sizes", default="50e3,250e3,1e6,5e6")
    parser.add_argument("--vocabulary", default="256", help="tokens told apart (default 256)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default cpu)")
    options = parser.parse_args()

    seconds = ["--seconds", str(options.seconds), "--device", options.device]
    rounds: list[dict[tuple[str, Cell], float]] = []
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "isoflop.csv"), Path(folder, "pytorch.csv")
        bench = [str(SCRIPTS / "isoflop"), "bench", "--csv", str(ours), "--sizes", options.sizes]
        bench += ["--precision", options.precision, "--vocabulary", options.vocabulary, *seconds]
        peer = [sys.executable, str(SCRIPTS / "peer_pytorch.py"), "--shapes", str(ours)]
        peer += ["--csv", str(theirs), "--precision", options.precision]
        peer += ["--mode", options.mode, *seconds]
        for number in range(options.rounds):
            run(bench)
            run(peer)
            rounds.append(speeds(ours) | speeds(theirs))
            print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)

    modes = options.mode.split(",")
    print(f"median of {options.rounds} rounds; ratio: isoflop over PyTorch, least and most in brackets")
    print(f"{'precision':>10} {'params':>10} {'isoflop tok/s':>14}", end="")
    print("".join(f" {mode + ' tok/s':>14} {'ratio':>20}" for mode in modes))
    for mode_of_cell, cell in rounds[0]:
        if mode_of_cell != "isoflop":
            continue
        own = [measured["isoflop", cell] for measured in rounds]
        line = f"{cell[0]:>10} {cell[1]:>10,} {statistics.median(own):>14,.0f}"
        for mode in modes:
            other = [measured[mode, cell] for measured in rounds]
            ratios = [a / b for a, b in zip(own, other)]
            spread = f"{statistics.median(ratios):.2f} [{min(ratios):.2f}, {max(ratios):.2f}]"
            line += f" {statistics.median(other):>14,.0f} {spread:>20}"
        print(line)


if __name__ == "__main__":
    main()
