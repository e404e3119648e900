"""Where sentences may end, and how words are compared."""

from __future__ import annotations

import re

# A sentence can end with `.`, `!`, `?` or `…`, and closing quotes, brackets and a call after it.
_CLOSERS = r"[\s»”\"’')\]]*(?:(?<=\S)[\d¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})?[\s.»”\"]*$"
_SENTENCE_END = re.compile(rf"[.!?…]{_CLOSERS}")
_CLAUSE_END = re.compile(rf"[.!?…:;»”\")\]]{_CLOSERS}")
_REACH = 60
"""The most characters that closing marks and a call may take at the end of a sentence."""


def ends_sentence(text: str) -> bool:
    """Whether a sentence can end at the end of `text`."""
    return _SENTENCE_END.search(text.rstrip()[-_REACH:]) is not None


def ends_clause(text: str) -> bool:
    """Whether a sentence can end at the end of `text`, or `text` ends with a colon, a semicolon, a
    closing quotation mark or a closing bracket."""
    return _CLAUSE_END.search(text.rstrip()[-_REACH:]) is not None


def key(text: str) -> str:
    """`text` reduced to letters and digits, case folded, to recognise words that are repeated."""
    return "".join(c for c in text.casefold() if c.isalnum())
