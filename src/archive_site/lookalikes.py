"""Characters that look alike, or like nothing: named where a message compares two readings that a
reader could not tell apart."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

# Letters and signs of other scripts, or of other kinds, as the one of ours that they look like.
_LOOK = str.maketrans(
    "аеорсухіјѕԁһАВЕКМНОРСТУХІЈЅαορυνικχΑΒΕΖΗΙΚΜΝΟΡΤΥΧıІ1|IO0‘’ʼ′´`“”„«»‹›–—―−‒·•∙‚ꞌ",
    "aeopcyxijsdhABEKMHOPCTYXIJSaopuvikxABEZHIKMNOPTYXillllOO''''''\"\"\"\"\"\"\"-----...,'",
)
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\ufe63\uff0d"), "-")
_LONGEST = 200  # of two readings that are compared letter by letter
_MOST_NAMED = 4


def told_apart(seen: str, there: str) -> str:
    """What tells two readings apart that look alike, as a clause in brackets; else nothing."""
    if seen == there or max(len(seen), len(there)) > _LONGEST:
        return ""
    if all(_looks(seen, soft) != _looks(there, soft) for soft in ("", "-")):
        return ""
    matcher = SequenceMatcher(None, there, seen, autojunk=False)
    unlike = [codes for codes in matcher.get_opcodes() if codes[0] != "equal"]
    clauses = dict.fromkeys(
        f"{_names(there[i:j]) or 'nothing'} there, {_names(seen[k:m]) or 'nothing'} here"
        for _, i, j, k, m in unlike
    )
    return f" ({'; '.join(list(clauses)[:_MOST_NAMED])})"


def _looks(text: str, soft: str) -> str:
    """`text` as it looks, its soft hyphens as `soft`: one sign for all that look alike, none for
    what is not seen."""
    signs = text.replace("\u00ad", soft).translate(_LOOK).translate(_HYPHENS)
    shown = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFKC", signs)
        if unicodedata.category(char) != "Cf"
    )
    return " ".join(shown.translate(_LOOK).split())


def _names(text: str) -> str:
    return " ".join(f"U+{ord(c):04X} {unicodedata.name(c, '(no name)')}" for c in text)
