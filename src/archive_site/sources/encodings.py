"""The encoding of a French text that is not UTF-8: the one in which its words are French words.

`é` is another character in each of these encodings. The lexicon knows which of them makes words;
statistics of bytes, as charset-normalizer has them, are wrong too often for texts of a page.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from archive_site.text.lexicon import is_word

UTF16 = "utf-16"
ENCODINGS = {
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO 8859-15",
    "mac-roman": "Mac OS Roman",
    "cp850": "MS-DOS (code page 850)",
    UTF16: "UTF-16",
}
"""The encodings that texts are read in, besides UTF-8: the name that `bytes.decode` knows, and the
usual one."""
_WORD = re.compile(r"[^\W\d_]+")
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x80-\x9f]")
_UTF8 = re.compile(rb"[\xc2\xc3][\x80-\xbf]")
"""A letter with an accent in UTF-8: the file has several encodings."""
_USUAL = frozenset("«»–—…’‘“”„°§€·•†‡¹²³©®×\xa0\u202f")
"""What is neither letter nor figure and stands in French texts."""
_MOST_STRANGE = 0.25
"""The greatest share of words with accents that may be in no lexicon, as many names are."""
_MARGIN = 2
"""How many more such words every other encoding must have."""


class Decoded(NamedTuple):
    """A text as it is in one encoding. Of its words with other letters than those of ASCII, and its
    other signs, `strange` are in no lexicon, and `known` are."""

    text: str
    encoding: str
    strange: int
    known: int


def encoding_of(data: bytes) -> str:
    """The encoding of a text, a key of `ENCODINGS`; empty if it is not certain. `data` is no
    UTF-8."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return UTF16 if _text_in(data, UTF16) else ""
    ranked = sorted(_decoded(data), key=lambda decoded: (decoded.strange, decoded.encoding))
    best = ranked[0] if ranked else Decoded("", "", 0, 0)
    mixed = _UTF8.search(data) is not None
    if mixed or best.strange > _MOST_STRANGE * (best.strange + best.known):
        return ""
    rivals = [other.strange for other in ranked if other.text != best.text]
    sure = best.known >= _MARGIN and min(rivals, default=best.known) - best.strange >= _MARGIN
    return best.encoding if sure else ""


def _decoded(data: bytes) -> Iterator[Decoded]:
    """A text in each encoding in which it has no control characters."""
    for encoding in ENCODINGS.keys() - {UTF16}:
        text = _text_in(data, encoding)
        if not text or _CONTROL.search(text):
            continue
        words = Counter(word for word in _WORD.findall(text) if not word.isascii())
        signs = Counter(c for c in text if not c.isascii() and not c.isalpha())
        known = sum(n for word, n in words.items() if is_word(word))
        usual = sum(n for sign, n in signs.items() if sign in _USUAL)
        strange = words.total() - known + signs.total() - usual
        yield Decoded(text, encoding, strange, known + usual)


def _text_in(data: bytes, encoding: str) -> str:
    """`data` as text in an encoding; empty if it is not in that encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""
