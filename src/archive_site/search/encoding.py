"""How the files of the search are written: scripts that hand over values, numbers in base 32."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import sub

from archive_site.files.tabular import compact

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
"""A number is written in base 32; all its digits but the last come from the second half."""


def numeral(value: int) -> str:
    """A number in `DIGITS`, the most significant first."""
    digits = DIGITS[value % 32]
    while value := value // 32:
        digits = DIGITS[32 + value % 32] + digits
    return digits


class _Written(dict[int, str]):
    def __missing__(self, value: int) -> str:
        self[value] = numeral(value)
        return self[value]


_WRITTEN = _Written()
written = _WRITTEN.__getitem__
"""A number as `numeral` writes it; most are asked for again."""


def encode(places: Sequence[int]) -> str:
    """Rising numbers, each as its distance from the one before."""
    return "".join(map(written, map(sub, places, (0, *places[:-1]))))


def decode(coded: str) -> Iterator[int]:
    """The numbers that `encode` wrote."""
    place = value = 0
    for digit in coded:
        figure = DIGITS.index(digit)
        value = 32 * value + figure % 32
        if figure < 32:
            place, value = place + value, 0
            yield place


def script(name: str, *values: object) -> bytes:
    """A script file that hands values to the search."""
    return f"find.{name}({', '.join(map(compact, values))})\n".encode()
