"""Marks for type among typeset words: italics, and raised and lowered letters.

Citation styles make words with marks, and each format sets them in its own way. The marks are
noncharacters of Unicode, which no text has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

ITALIC, ROMAN = "\ufdd0", "\ufdd1"
"""Before and after italics."""
SUPERIOR, INFERIOR, LEVEL = "\ufdd4", "\ufdd5", "\ufdd6"
"""Before raised letters, before lowered ones, and after both."""
MARKS = ITALIC + ROMAN + SUPERIOR + INFERIOR + LEVEL
_MARK = re.compile(f"([{MARKS}])")
_ANY = re.compile(f"[{MARKS}]")


def unmarked(text: str) -> str:
    """Words without marks."""
    return _ANY.sub("", text)


def has_marks(text: str) -> bool:
    """Whether there are marks among the words."""
    return bool(_ANY.search(text))


def with_marks(text: str, shown: Callable[[str], str], signs: Callable[[str], str]) -> str:
    """Words as another format has them: `shown` sets words, `signs` each mark."""
    return "".join(
        signs(part) if n % 2 else shown(part) for n, part in enumerate(_MARK.split(text)) if part
    )


def as_elements(marks: str) -> Iterator[str]:
    """The tag of HTML for each of some marks, which are in pairs. Italics within italics are roman.
    A mark that closes nothing has no tag."""
    raised: list[str] = []
    italics = 0
    for mark in marks:
        if mark == ITALIC:
            italics += 1
            yield "<cite>" if italics % 2 else "</cite>"
        elif mark == ROMAN:
            yield "" if not italics else "</cite>" if italics % 2 else "<cite>"
            italics = max(0, italics - 1)
        elif mark == LEVEL:
            yield f"</{raised.pop()}>" if raised else ""
        else:
            raised.append("sup" if mark == SUPERIOR else "sub")
            yield f"<{raised[-1]}>"
