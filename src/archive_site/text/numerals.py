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
    lower = written.lower()
    if lower != "i" and len(lower) == 1:
        return "a" if written.islower() else "A", ord(lower) - ord("a") + 1
    kind = "i" if written.islower() else "I"
    value, rest = 0, lower
    for worth, figure in _ROMAN:
        while rest.startswith(figure):
            value, rest = value + worth, rest[len(figure) :]
    return kind, value if numeral(kind, value) == written else 0


def marker_of(item: Container) -> str:
    """What a list prints before an item; empty if it has bullets."""
    return numeral(item.style, item.number) if item.style else ""


def number_of(style: str, marker: str) -> int:
    """The number of the item that a list of a style marks with `marker`.

    Raises `StopIteration` if the list marks none so."""
    written = marker.strip("().")
    return (
        int(written)
        if written.isdecimal()
        else next(number for number in range(1, 5_000) if numeral(style, number) == marker)
    )
