"""The words of an RTF, read without pandoc: those of the text in their order, and those of its
notes."""

from __future__ import annotations

import codecs
import re

_TOKEN = re.compile(
    rb"\\([a-zA-Z]+)(-?\d{1,18})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)",
    re.DOTALL,
)
_SPACES = frozenset(
    b"par line tab cell nestcell row nestrow page column sect emspace enspace qmspace emdash "
    b"endash lquote rquote ldblquote rdblquote bullet".split()
)
"""Control words that part words."""
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl "
    b"footerr footerf listtext pntext sp shprslt nonshppict atnid atnauthor annotation fldinst "
    b"ftnsep ftnsepc aftnsep aftnsepc xe tc rxe bkmkstart bkmkend".split()
)
"""Groups whose words are not those of the text."""
_OPTIONAL = frozenset((b"footnote", b"shpinst", b"shptxt"))
"""Groups that old programs leave out, with words of the text."""
_SIGNS = {b"~": " ", b"_": "\u2011", b"\\": "\\", b"{": "{", b"}": "}"}
_BREAKS = (b"\r", b"\n")  # after a backslash, they are paragraphs
_CHARACTERS, _UNITS = 256, 0x10000
_UNKNOWN = 64  # bytes that stand for no character, if each stands for one


def rtf_words(data: bytes) -> tuple[str, str]:
    """The words of the text of an RTF, and those of its notes; none if a character of its encoding
    may have several bytes."""
    encoding = _encoding(data)
    every = bytes(range(_CHARACTERS)).decode(encoding, "replace")
    single = len(every) == _CHARACTERS and every.count("\ufffd") < _UNKNOWN
    return _RtfReader(data, encoding).read() if single else ("", "")


class _RtfReader:
    def __init__(self, data: bytes, encoding: str) -> None:
        self.data = data
        self.text: list[str] = []
        self.notes: list[str] = []
        self.into: list[str] | None = self.text
        self.substitutes = 1
        self.groups: list[tuple[list[str] | None, int]] = []
        self.left = 0  # characters that stand for one that was given by its number
        self.optional = False
        self.encoding = encoding

    def read(self) -> tuple[str, str]:
        at = 0
        while found := _TOKEN.match(self.data, at):
            at = found.end()
            word, number, code, sign, brace, plain = found.groups()
            optional, self.optional = self.optional, sign == b"*"
            if brace:
                self._brace(brace)
            elif word:
                if word == b"bin":
                    at += max(0, int(number or 0))
                self._control(word, int(number) if number else None, optional)
            elif code:
                self._add(bytes([int(code, 16)]))
            elif plain:
                self._add(plain)
            elif sign in _BREAKS:
                self._say("\n")
            elif sign:
                self._say(_SIGNS.get(sign, ""))
        return _joined(self.text), _joined(self.notes)

    def _brace(self, brace: bytes) -> None:
        self.left = 0
        if brace == b"{":
            self.groups.append((self.into, self.substitutes))
        elif self.groups:
            before, self.into = self.into, self.groups[-1][0]
            self.substitutes = self.groups.pop()[1]
            if before is self.notes and self.into is self.text:
                self.notes.append("\n")

    def _control(self, word: bytes, number: int | None, optional: bool) -> None:
        if word == b"u" and number is not None:
            self._say(chr(number % _UNITS))
            self.left = self.substitutes
            return
        self.left = 0
        if word == b"uc":
            self.substitutes = max(0, number if number is not None else 1)
        elif word in _SKIPPED or (optional and word not in _OPTIONAL):
            self.into = None
        elif word == b"footnote" and self.into is not None:
            self.into = self.notes
        elif word in _SPACES:
            self._say("\n")

    def _add(self, plain: bytes) -> None:
        kept = plain[self.left :]
        self.left = max(0, self.left - len(plain))
        self._say(kept.decode(self.encoding, "replace"))

    def _say(self, words: str) -> None:
        if self.into is not None:
            self.into.append(words)


def _encoding(data: bytes) -> str:
    found = re.search(rb"\\ansicpg(\d{1,5})", data[:4096])
    name = f"cp{int(found[1])}" if found else "mac_roman" if rb"\mac" in data[:64] else "cp1252"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _joined(words: list[str]) -> str:
    """Words whose characters may come as two halves."""
    return "".join(words).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
