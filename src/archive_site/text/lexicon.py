"""Soft hyphen or real one? The vocabulary of the witness decides, then a French lexicon."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from spellchecker import SpellChecker


@lru_cache(maxsize=1)
def _french() -> SpellChecker:
    return SpellChecker(language="fr")


def is_word(word: str) -> bool:
    """Whether the French lexicon has `word`; case is ignored. The lexicon writes `oe` for `œ`."""
    known = word.casefold().replace("œ", "oe")
    return bool(known) and known in _french().word_frequency.dictionary


def join_hyphen(left: str, right: str, vocabulary: Counter[str]) -> tuple[str, bool]:
    """`left`, which ends in a hyphen, joined to `right`, with the hyphen or without; and whether
    the choice is sure. Both are runs of characters without spaces; `vocabulary` counts the words
    of the witness."""
    stem = left.removesuffix("-")
    head = re.split(r"[’'«»“”\"(]", stem)[-1].casefold()
    tail = (re.match(r"[^\W\d_]+", right) or [""])[0].casefold()
    if not tail or right[0].isupper() or right[0].isdigit() or not head:
        return left + right, True
    last = head.rsplit("-", 1)[-1]
    compound, whole = vocabulary[f"{last}-{tail}"], vocabulary[last + tail]
    if compound or whole:
        return (left + right, True) if compound > whole else (stem + right, True)
    if is_word(last + tail):
        return stem + right, True
    if is_word(last) and (is_word(tail) or f"-{tail}" in _CLITICS):
        return left + right, True
    return stem + right, False


_CLITICS = frozenset(
    "-t -il -elle -on -ils -elles -je -tu -nous -vous -moi -toi -ce -y -en -là".split()
)
