"""Labels of notes, and what may call them in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from archive_site.recover.printed.lines import SetLine

Places = Literal["exact", "scanned", "estimated"]
"""How the places of lines are known: measured from a file, measured from a scan and so not exact,
or estimated from a plain text."""
Manner = Literal["raised", "square", "round", "star", "letter", "plain", "loose", "misread"]
"""How a label or a call is printed: raised, [1], (1), *, a), 1. or 1. A plain call follows a word
without a space, a loose one with a space. OCR has misread some."""
MANNERS: tuple[Manner, ...] = ("raised", "square", "round", "star", "letter", "plain", "loose")
"""All of them, the surest first."""
RAISED_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SIGNS = r"[*†‡§¶‖]{1,4}"
_ANY = rf"\d{{1,3}}|{_SIGNS}|[a-z]|[ivx]+"
_LABEL = re.compile(
    rf"\[\s?(?P<square>\d{{1,3}}|[a-z]|[ivx]{{2,5}}|{_SIGNS})\s?\]"
    rf"|\(\s?(?P<round>\d{{1,3}}|[a-z]|[ivx]{{2,5}}|{_SIGNS})\s?\)"
    rf"|(?P<raised>[{_FIGURES}]{{1,3}})"
    rf"|(?P<star>{_SIGNS})"
    r"|(?P<letter>[ivx]{1,5}(?=[.)]\s|\s[A-ZÀ-Þ«])|[a-z](?=[.)]\s))"
    r"|(?P<plain>\d{1,3})(?![\d/%]|[.,]\d)"
)
_AFTER_LABEL = re.compile(r"\s*(?:[.)°:]|[–—-](?=\s))?\s*")
_RAISED_LABEL = re.compile(rf"\s*[(\[]?\s?({_ANY})\s?[)\].]*\s*")
_RAISED_CALL = re.compile(rf"(?:[(\[]\s?)?({_ANY})(?:\s?[)\]])?")
_CALLS: tuple[tuple[Manner, re.Pattern[str]], ...] = (
    ("square", re.compile(rf"\s?\[\s?(\d{{1,3}}|[a-z]|[ivx]{{2,5}}|{_SIGNS})\s?\]")),
    ("round", re.compile(rf"\s?\(\s?(\d{{1,3}}|[a-z]|[ivx]{{2,5}}|{_SIGNS})\s?\)")),
    ("raised", re.compile(rf"(?<=[^\s\d{_FIGURES}])([{_FIGURES}]{{1,3}})")),
    ("star", re.compile(rf"(?<=[^\s*†‡§¶‖])\s?({_SIGNS})(?![*†‡§¶‖])")),
)
_GLUED: tuple[Manner, re.Pattern[str]] = (
    "plain",
    re.compile(
        r"(?<=[^\W\d_]|[.,;:!?…»”)’])(?<!\d[.,])(?<![A-HIVX]\.)(\d{1,3})(?![\w°])(?![.,]\d)"
    ),
)
"""Figures after a word without a space."""
_PLAIN_CALLS: tuple[tuple[Manner, re.Pattern[str]], ...] = (
    _GLUED,
    ("plain", re.compile(r"(?<=[^\W\d_]{4})(\d{1,2})(?=[^\W\d_]{2})")),
    ("loose", re.compile(r"(?<=[^\W\d_]|[»”)])(\s\d{1,3})(?=\s?[.,;:!?…»)]|\s|$)(?![.,]\d)")),
)
"""Calls that are not raised, in a text that has no raised characters."""
_MISREAD = re.compile(
    r"\s*(?P<sign>\d{1,3}(?=\s)|[^\w\s«»(\[“”\"—–-]{1,2}|[A-Za-z](?=[A-ZÀ-Þ][a-zà-ÿ.])"
    r"|[b-xzB-NP-XZ|](?=\s+[A-ZÀ-Þ«]))\s*(?=[A-ZÀ-Þ«\[]|\d{4}|(?<=\d\s)\w)"
)
"""What OCR makes of a raised label before the first word of a note."""
ORDINALS = frozenset("e er re ère ème è o os r s st nd d de me lle le".split())
"""Raised letters that end a word or an ordinal."""
_ANONYMOUS = re.compile(r"\b[A-ZÀ-Þ]\*{1,4}$|\s\*{3,4}$")
"""Stars for a name: “M. de V***”, “Mme de ***”."""
_ABBREVIATED = re.compile(r"(?:\b[nN]|\b[MvfDS])$")
_ROMAN = {r: n for n, r in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), start=1)}


@dataclass(frozen=True, slots=True)
class Call:
    """Characters that may call a note: their line, where they begin and end in its text, the label
    and how it is printed. `weak`: it begins a line, as the label of a note or of an item does."""

    line: int
    start: int
    end: int
    label: str
    manner: Manner
    page: int
    column: int
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """The label that a line begins with, how it is printed, and where the words after it begin."""

    label: str
    manner: Manner
    end: int


def calls_in(lines: Iterable[SetLine], typeless: bool = False) -> list[Call]:
    """All that may call a note in lines, in their order. `typeless`: no type is known, so that any
    figure may be raised; else only one after a word without a space."""
    patterns = (*_CALLS, *(_PLAIN_CALLS if typeless else (_GLUED,)))
    return [call for line in lines for call in _calls(line, patterns)]


def _calls(line: SetLine, patterns: Iterable[tuple[Manner, re.Pattern[str]]]) -> list[Call]:
    text = line.text
    found: list[Call] = []
    taken = bytearray(len(text))

    def add(start: int, end: int, label: str, manner: Manner) -> None:
        weak = not text[:start].strip()
        label = label.strip().translate(RAISED_FIGURES)
        taken[start:end] = b"\1" * (end - start)
        found.append(Call(line.number, start, end, label, manner, line.page, line.column, weak))

    for start, end in line.raised:
        if text[:start].strip() and not _ABBREVIATED.search(text[:start]):
            for match in _RAISED_CALL.finditer(text[start:end].translate(RAISED_FIGURES)):
                if match[1] not in ORDINALS:
                    add(start + match.start(), start + match.end(), match[1], "raised")
    for manner, pattern in patterns:
        for match in pattern.finditer(text):
            start, end = match.span()
            anonymous = manner == "star" and _ANONYMOUS.search(text[:end]) is not None
            if not any(taken[start:end]) and not anonymous:
                add(start, end, match[match.lastindex or 0], manner)
    return sorted(found, key=lambda call: call.start)


def is_certain(call: Call, text: str) -> bool:
    """Whether raised characters of a line are certainly the call of a note, found or not: they are
    a number or a sign, and neither a power nor part of an ordinal."""
    sign = call.label.isdigit() or not call.label.isalnum()
    power = re.search(r"\d\s?$|\b[kcdm]?m$", text[: call.start]) is not None
    return call.manner == "raised" and sign and not power


def label_of(line: SetLine) -> Label | None:
    """The label of a note that a line may begin with."""
    text = line.text
    offset = len(text) - len(text.lstrip())
    for start, end in line.raised:
        raised = text[start:end].translate(RAISED_FIGURES)
        match = _RAISED_LABEL.fullmatch(raised) if start <= offset else None
        if match:
            rest = re.compile(r"[)\].]*\s*").match(text, end)
            return Label(match[1], "raised", rest.end() if rest else end)
    match = _LABEL.match(text, offset)
    if match is None or match.lastgroup is None:
        return None
    after = _AFTER_LABEL.match(text, match.end())
    end = after.end() if after else match.end()
    manner = next(manner for manner in MANNERS if manner == match.lastgroup)
    ordinal = re.compile(r"\s*[°º]").match(text, match.end())
    if manner == "plain" and (ordinal or (end == match.end() and text[end : end + 1].islower())):
        return None
    return Label(match[match.lastgroup].translate(RAISED_FIGURES), manner, end)


def misread_label_of(line: SetLine) -> Label | None:
    """What may be the misread label of a note at the beginning of a line."""
    match = _MISREAD.match(line.text)
    return Label(match["sign"], "misread", match.end()) if match else None


def succeeds(label: str, before: str) -> bool:
    """Whether a label can be the next after `before`, or begin again."""
    if before.isdigit() and label.isdigit():
        return int(label) == int(before) + 1 or (int(label) == 1 and int(before) > 1)
    if before.isalpha() and label.isalpha():
        letters = len(before) == len(label) == 1 and ord(label) == ord(before) + 1
        return letters or _ROMAN.get(label, 0) == _ROMAN.get(before, -1) + 1
    return not before.isalnum() and not label.isalnum() and label != before
