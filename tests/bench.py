"""Whole-process timings: `make bench`. Never part of the tests: machines differ, and drift."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 7
ARCHIVE_SITE = [sys.executable, "-m", "archive_site"]


def timed(command: Callable[[Path], list[list[str]]]) -> tuple[float, float, float]:
    """Least, median and most seconds of running the commands, each time in a fresh folder."""
    seconds = []
    for _ in range(RUNS + 1):  # the first warms the disk's cache and is not counted
        with tempfile.TemporaryDirectory() as folder:
            commands = command(Path(folder))
            started = time.perf_counter()
            for arguments in commands:
                subprocess.run(arguments, cwd=folder, check=True, capture_output=True)
            seconds.append(time.perf_counter() - started)
    counted = sorted(seconds[1:])
    return counted[0], statistics.median(counted), counted[-1]


def build(folder: Path) -> list[list[str]]:
    return [[*ARCHIVE_SITE, "build", str(ROOT / "corpus"), "-o", "site"]]


def check(folder: Path) -> list[list[str]]:
    return [[*ARCHIVE_SITE, "check", str(ROOT / "corpus")]]


def collate(folder: Path) -> list[list[str]]:
    code = (
        "import sys; from pathlib import Path; from archive_site.corpus import load_corpus; "
        "from archive_site.collate import collate; corpus, _ = load_corpus(Path(sys.argv[1])); "
        "[collate(e.document, e.witness, e.path) for e in corpus.editions for _ in range(10)]"
    )
    return [[sys.executable, "-c", code, str(ROOT / "corpus")]]


def recover(folder: Path) -> list[list[str]]:
    witnesses = sorted((ROOT / "corpus" / "witnesses").glob("*.txt"))
    return [[*ARCHIVE_SITE, "recover", str(path), "-C", "corpus"] for path in witnesses]


def imports(folder: Path) -> list[list[str]]:
    return [[sys.executable, "-c", "import yaml, markdown_it, jinja2, bs4"]]


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {RUNS} runs each")
    print(f"{'':34}{'least':>8}{'median':>8}{'most':>8}  seconds")
    for name, command in (
        ("build, five texts, cold", build),
        ("check, five texts", check),
        ("collate, five texts, 11 times", collate),
        ("recover, five witnesses in turn", recover),
        ("importing four libraries alone", imports),
    ):
        least, median, most = timed(command)
        print(f"{name:34}{least:8.2f}{median:8.2f}{most:8.2f}")
