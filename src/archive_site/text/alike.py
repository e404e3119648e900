"""Letters that are the same, and letters that only look the same.

“é” may be one character or two (NFC and NFD in Unicode; some extractors and systems write two).
Texts that differ only in this are the same. A Cyrillic “е” is another letter, though it looks like
a Latin one.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive_site.findings import spelled_out

# Each letter or sign of French texts, with others that look like it.
_LOOK_LIKE = {
    "a": "аα", "c": "с", "d": "ԁ", "e": "е", "h": "һ", "i": "іι", "j": "ј", "k": "κ", "l": "ı1|I",
    "n": "ν", "o": "оο", "p": "рρ", "s": "ѕ", "u": "υ", "v": "ѵ", "x": "хχ", "y": "у",
    "A": "АΑ", "B": "ВΒ", "E": "ЕΕ", "H": "НΗ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν",
    "O": "ОΟ0", "P": "РΡ", "C": "С", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ",
    "'": "‘’ʼ′´`ꞌ", '"': "“”„«»", ".": "·•∙", ",": "‚",
}  # fmt: skip
_LOOK = str.maketrans(
    {ord(sign): ours for ours, signs in _LOOK_LIKE.items() for sign in signs}
    | {"І": "l", "Ι": "l"}  # the capital I of other alphabets, treated like the Latin one
)
_LONGEST = 200  # longer words or readings are not compared letter by letter
_MOST_NAMED = 4


def composed(text: str) -> str:
    """`text` in NFC: each letter is one character if Unicode has one for it."""
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Composed:
    """A text in NFC, with the index in the original text of each of its characters and its end."""

    text: str
    places: Sequence[int]

    def at(self, place: int) -> int:
        """The index, in the composed text, of the first character at or after the index `place`
        of the original text."""
        return bisect_left(self.places, place)


def compose(text: str) -> Composed:
    """`text` in NFC, with the indices of its characters in `text`."""
    if unicodedata.is_normalized("NFC", text):
        return Composed(text, range(len(text) + 1))
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for letter in _letters(text):
        part = composed(letter)
        more = len(letter) - len(part)  # the composed character is the first one
        places += (at + max(0, n + more) if n else at for n in range(len(part)))
        parts.append(part)
        at += len(letter)
    return Composed("".join(parts), [*places, at])


def _letters(text: str) -> Iterator[str]:
    """`text` in parts that can each be composed separately."""
    start = 0
    for at in range(1, len(text)):
        if unicodedata.combining(text[at]):
            continue
        if composed(text[start : at + 1]) == composed(text[start:at]) + composed(text[at]):
            yield text[start:at]
            start = at
    yield text[start:]


def look(text: str, soft_hyphen: str = "") -> str:
    """A normal form of how `text` looks: two texts with the same form can hardly be distinguished
    by eye. A soft hyphen, which is visible only at the end of a line, is replaced by
    `soft_hyphen`."""
    seen = composed(text).replace("\u00ad", soft_hyphen).translate(_LOOK)
    return "".join(map(_plain, unicodedata.normalize("NFKC", seen))).translate(_LOOK)


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    return {"Cf": "", "Zs": " ", "Pd": "-"}.get(category, char)


def told_apart(seen: str, meant: str) -> str:
    """A sentence that names the characters in which `seen` and `meant` differ, if the two look
    alike. Empty if they look different, are equal, or are too long to compare."""
    from difflib import SequenceMatcher

    if seen == meant or max(len(seen), len(meant)) > _LONGEST:
        return ""
    if all(look(seen, soft) != look(meant, soft) for soft in ("", "-")):
        return ""
    unlike = [
        (seen[i:j], meant[k:m])
        for change, i, j, k, m in SequenceMatcher(None, seen, meant, autojunk=False).get_opcodes()
        if change != "equal"
    ]
    named = dict.fromkeys(
        f"{spelled_out(here) or 'nothing'} for {spelled_out(there) or 'nothing'}"
        for here, there in unlike
    )
    return f"They look alike: found {', '.join(list(named)[:_MOST_NAMED])}."
