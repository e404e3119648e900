"""Whole-process timings beside those of peers: `make bench`. Never part of the tests: machines
differ, and drift.

    python tests/bench                  all of it, into docs/benchmarks.md
    python tests/bench --only cold      one case; the others' sections stay as they were written
    python tests/bench --quick          small sizes, to try it; no file is written
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from peers import HOME, PARSERS, PEERS, install, machine, version
from texts import ROOT

from archive_site import __version__
from cases import CASES, FULL, QUICK, table

REPORT = ROOT / "docs" / "benchmarks.md"
METHOD = Path(__file__).parent / "method.md"
VERSIONS = "Versions"


def main() -> int:
    """Measure what is asked for; print it, and write it unless it was only tried."""
    options = _options()
    scale = QUICK if options.quick else FULL
    HOME.mkdir(exist_ok=True)
    sections = {} if options.quick else _written(REPORT)
    for name in options.only or CASES:
        title, case = CASES[name]
        print(f"{title} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(dir=HOME, prefix="work-") as folder:
            body = case(scale, Path(folder))
        sections[title] = f"{body}\n\nMeasured on {_today()}, {machine()}."
        print(f"\n## {title}\n\n{sections[title]}", flush=True)
        if not options.quick:  # after every case: a later one that fails loses none before it
            sections[VERSIONS] = _versions()
            REPORT.write_text(_report(sections), "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests/bench", description="Time whole processes, beside peers."
    )
    parser.add_argument("--quick", action="store_true", help="small sizes; no file is written")
    parser.add_argument(
        "--only",
        action="append",
        choices=CASES,
        default=[],
        help="measure this case alone; may be said again",
    )
    return parser.parse_args()


def _today() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.date().isoformat()


# ---------------------------------------------------------------- the report


def _versions() -> str:
    """Who was measured: what each says that it is; of a peer that is not there, why."""
    rows = [["archive-site", __version__]]
    for peer in PEERS:
        absent = install(peer)
        rows.append([peer.name, f"not there: {absent}" if absent else version(peer)])
    parsers = ", ".join(package.replace("==", " ") for package in PARSERS)
    return f"{table(('', 'version'), rows)}\n\nParsers: {parsers}."


def _report(sections: dict[str, str]) -> str:
    """The method, then the sections in the order of the cases."""
    titles = (*(title for title, _ in CASES.values()), VERSIONS)
    parts = [f"## {title}\n\n{sections[title]}\n" for title in titles if title in sections]
    return "\n".join((METHOD.read_text("utf-8"), *parts))


def _written(report: Path) -> dict[str, str]:
    """The sections of an earlier report, by title."""
    if not report.exists():
        return {}
    parts = report.read_text("utf-8").split("\n## ")[1:]
    return {title: body.strip() for title, _, body in (part.partition("\n\n") for part in parts)}


if __name__ == "__main__":
    sys.exit(main())
