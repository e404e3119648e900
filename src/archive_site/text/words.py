"""The words of a text for the search, split and folded in the same way in the browser.

`templates/static/words.js` is the browser's version; the tests of both read `tests/words.tsv`.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?![^\W_])"
WORD = re.compile(rf"{_NUMBER}|[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
"""A word: letters and digits, with their accents. An apostrophe or a hyphen ends a word; a number
keeps its thousands together."""
SMALL = frozenset(
    "a ai aie ainsi as au aura aux avec avait c ce ceci cela celle celles celui ces cet cette "
    "ceux comme d dans de des donc dont du elle elles en entre es est et etaient etait ete etre "
    "eu eux guere il ils j je l la le les leur leurs lui m ma mais me meme memes mes moi mon n "
    "ne ni nos notre nous on ont or ou par pas pour qu quand que qui s sa sans se sera ses si "
    "soit son sont sous sur t ta te tes toi ton tu un une vos votre vous y".split()
)
"""Folded stop words: they do not show what a passage is about."""
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", " ": ""})


def fold(word: str) -> str:
    """A word without accents, ligatures, capitals, raised letters and spaces: “Œuvre” →
    “oeuvre”."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(filter(_stays, parts)).lower().translate(_LIGATURES)


def _stays(char: str) -> bool:
    return not unicodedata.category(char).startswith("M")


def folded(text: str) -> list[str]:
    """Every word of `text`, folded."""
    return [fold(word) for word in WORD.findall(text)]
