"""The words that a ground quotes."""

from __future__ import annotations

LONGEST = 120
"""The most characters of a line that a ground quotes."""


def quoted(line: str) -> str:
    """A line as a ground quotes it, cut after a word if it is long."""
    line = " ".join(line.split())
    return line if len(line) <= LONGEST else line[:LONGEST].rsplit(" ", 1)[0] + " …"
