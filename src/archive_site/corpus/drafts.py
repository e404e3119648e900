"""What a draft leaves to its editor: that it is read, its doubts, and what a program set aside.

There is one finding of each kind for a text, so that those of many drafts can be read; or one for
each doubt and each omission, which `check --verbose` tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from archive_site.corpus.apparatus import omitted_text
from archive_site.corpus.records import Edition
from archive_site.edition.yaml import shortened
from archive_site.findings import Finding, count_noun
from archive_site.text.document import Doubt, Omission
from archive_site.text.reading import reading_text, walk

SUMMED_UP = ("W051", "W063")
"""The codes of findings that stand for several."""
SHOWN = 3
"""How many lines of each reason a finding names."""


def check_draft(edition: Edition) -> Iterator[Finding]:
    """A finding if the edition is a draft, one if it has doubts then, and one if it has omissions
    that are not confirmed."""
    if edition.document.meta.status == "draft":
        yield Finding(edition.path, 1, "W050", "this edition is a draft")
    doubts, omissions = list(_doubts(edition)), _proposed(edition)
    if len(doubts) > 1:
        line, said = doubts[0]
        message = f"{len(doubts)} open doubts; the first is here: {said}"
        yield Finding(edition.path, line, "W051", message)
    else:
        yield from _each_doubt(edition)
    if omissions:
        yield Finding(edition.path, omissions[0].line, "W063", _summary(omissions))


def check_draft_in_full(edition: Edition) -> Iterator[Finding]:
    """The findings that those of `check_draft` with a code of `SUMMED_UP` stand for: one for each
    doubt, and one for each omission that is not confirmed."""
    yield from _each_doubt(edition)
    for omission in _proposed(edition):
        words = omitted_text(edition, omission.first, omission.last, omission.text)
        said = f"“{omission.why}” ({_lines([omission])} of the witness): “{shortened(words)}”"
        yield Finding(edition.path, omission.line, "W063", f"an omission to confirm: {said}")


def in_full(findings: Iterable[Finding], editions: Iterable[Edition]) -> Iterator[Finding]:
    """`findings`; each that stands for several about one of `editions` is replaced by these."""
    each = {edition.path: list(check_draft_in_full(edition)) for edition in editions}
    for finding in findings:
        if finding.code in SUMMED_UP and finding.path in each:
            yield from (one for one in each[finding.path] if one.code == finding.code)
        else:
            yield finding


def _doubts(edition: Edition) -> Iterator[tuple[int, str]]:
    """Each doubt of a draft: its line, its words and why."""
    if edition.document.meta.status != "draft":
        return
    for block in edition.document.every_block:
        for inline in walk(block.content):
            if isinstance(inline, Doubt):
                yield block.line, f"“{reading_text(inline.content)}” ({inline.why})"


def _each_doubt(edition: Edition) -> Iterator[Finding]:
    for line, said in _doubts(edition):
        yield Finding(edition.path, line, "W051", f"an open doubt: {said}")


def _proposed(edition: Edition) -> list[Omission]:
    return [o for o in edition.document.meta.omissions if o.certainty == "proposed"]


def _summary(omissions: Sequence[Omission]) -> str:
    """How many omissions of each reason there are, and the first lines of each."""
    by_reason = sorted(omissions, key=_why)
    reasons = [_reason(why, list(group)) for why, group in groupby(by_reason, _why)]
    count = count_noun(len(omissions), "omission")
    return f"{count} of the witness to confirm: {', '.join(reasons)}"


def _why(omission: Omission) -> str:
    return omission.why


def _reason(why: str, omissions: Sequence[Omission]) -> str:
    more = " …" if len(omissions) > SHOWN else ""
    return f"{len(omissions)} “{why}” ({_lines(omissions[:SHOWN])}{more})"


def _lines(omissions: Sequence[Omission]) -> str:
    """The lines of omissions in the witness, in words."""
    first, *others = omissions
    noun = "lines" if others or first.last > first.first else "line"
    return f"{noun} {', '.join(omission.lines for omission in omissions)}"
