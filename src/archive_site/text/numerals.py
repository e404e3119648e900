"""The numbers of the items of a list, in figures, letters and Roman numerals."""

from __future__ import annotations

from archive_site.text.document import Container

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def numeral(style: str, number: int) -> str:
    """The marker of the item `number` in a list of a style: `numeral("a)", 3)` is `c)`."""
    kind = style.strip("().")
    letters = str(number)
    if kind in ("a", "A"):
        letters = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26)
    elif kind in ("i", "I"):
        letters, left = "", number
        for value, figure in _ROMAN:
            letters += figure * (left // value)
            left %= value
    return style.replace(kind, letters.upper() if kind.isupper() else letters)


def value_of(written: str) -> tuple[str, int]:
    """The kind of a number (`1`, `a`, `A`, `i`, `I`) and its value (0: it is no number)."""
    if written.isdecimal():
        return "1", int(written)
    letters = len(written) == 1 and written not in "iI"
    kind = ("a" if letters else "i") if written.islower() else ("A" if letters else "I")
    return kind, number_of(kind, written)


def marker_of(item: Container) -> str:
    """What a list prints before an item; empty if it has bullets."""
    return numeral(item.style, item.number) if item.style else ""


def number_of(style: str, marker: str) -> int:
    """The number of the item that a list of a style marks with `marker` (0: it marks none so)."""
    kind, written = style.strip("()."), marker.strip("().").lower()
    number = 0
    if kind == "1":
        number = int(written) if written.isdecimal() else 0
    elif kind in ("a", "A"):
        number = ord(written[:1] or "`") - ord("`") + 26 * (len(written) - 1)
    else:
        rest = written
        for worth, figure in _ROMAN:
            while rest.startswith(figure):
                number, rest = number + worth, rest[len(figure) :]
    return number if numeral(style, number) == marker else 0
