"""Builds as the engine makes them, of sites that cost nothing; run, one after another, for ever."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path

from archive_site.build.publish import Staging, Stamp, intact, locked, stamps_of, write_staged


def publish(site: Mapping[str, bytes], output: Path) -> None:
    """Make the folder `output` hold exactly `site`, and what else was in it that is not ours."""
    with locked(output), Staging(output) as staging:
        for path, data in site.items():
            staging.write(path, data)
        staging.publish({})


def build(
    site: dict[str, bytes], output: Path, known: dict[str, Stamp], former: dict[str, bytes]
) -> dict[str, Stamp]:
    """Publish as the engine does: what is as it was is kept, the rest is staged."""
    with locked(output):
        there = intact(output, known) & site.keys()
        same = {path for path in there if site[path] == former.get(path)}
        with Staging(output) as staging:
            for path in site.keys() - same:
                write_staged(staging.folder, path, site[path])
            stamps = staging.publish({path: known[path] for path in same})
        return stamps_of(output, stamps)


def states() -> list[dict[str, bytes]]:
    """Two sites of some 200 files that share a half; a file of one is a folder of the other."""
    sites = []
    for name in ("one", "two"):
        site = {f"{n % 20}/{n}.html": (name if n % 2 else "both").encode() for n in range(200)}
        sites.append(site | {f"only/{name}": b"", "turns" + "/x" * (name == "two"): b"x"})
    return sites


if __name__ == "__main__":
    known: dict[str, Stamp] = {}
    former: dict[str, bytes] = {}
    for site in cycle(states()):
        known, former = build(site, Path(sys.argv[1]), known, former), site
        sys.stdout.write("built\n")
        sys.stdout.flush()
