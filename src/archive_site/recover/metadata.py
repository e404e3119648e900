"""Metadata inferred from the text, each with its ground. The rest is left unknown."""

from __future__ import annotations

import re

from archive_site import interface
from archive_site.text.dates import MONTHS
from archive_site.text.document import Block, Claim, Meta
from archive_site.text.reading import reading_text

DAYS = re.compile(
    rf"(?:(\d{{1,2}})(?:er)?\s*[-–]\s*)?(?:(\d{{1,2}})(?:er)?\s+)?({'|'.join(MONTHS)})\s+(\d{{4}})",
    re.I,
)


def infer_metadata(blocks: tuple[Block, ...], text_id: str, witness: str) -> Meta:
    """The front matter of a draft: title, kind, date and place as far as the blocks have them."""
    title = next((b for b in blocks if b.kind == "heading" and b.level == 1), None)
    first = reading_text(blocks[0].content) if blocks else ""
    spoken = any(b.kind == "stage" for b in blocks) or first.startswith("Camarades")
    datelines = [reading_text(b.content) for b in blocks if b.kind == "dateline"]
    return Meta(
        id=text_id,
        title=Claim(reading_text(title.content), "stated") if title else _untitled(text_id),
        kind="speech" if spoken else "article",
        date=next((claim for line in datelines if (claim := _date(line))), Claim()),
        place=next((claim for line in datelines if (claim := _place(line))), Claim()),
        witness=witness,
    )


def _untitled(text_id: str) -> Claim:
    return Claim(text_id.replace("-", " ").capitalize(), "unknown", interface.NO_TITLE)


def _date(line: str) -> Claim | None:
    match = DAYS.search(line)
    if match is None:
        return None
    first, last, month, year = match.groups()
    stem = f"{year}-{MONTHS.index(month.lower()) + 1:02d}"
    value = f"{stem}-{int(last):02d}" if last else stem
    if first and last:
        value = f"{stem}-{int(first):02d}/{value}"
    return Claim(value, "probable", interface.DATE_IN_TEXT.format(line=line))


def _place(line: str) -> Claim | None:
    match = re.match(r"([A-ZÀ-Ý][\w’' -]+),", line)
    return Claim(match[1], "probable", interface.PLACE_IN_TEXT.format(line=line)) if match else None
