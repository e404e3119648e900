"""The encoding of the search files: scripts that pass values, with numbers in base 32."""

from __future__ import annotations

from collections.abc import Iterator

from archive_site.files.tabular import compact

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
"""The digits of numbers in base 32. The last digit of a number is from the first half, all others
from the second half, so that numbers need no separator."""


def numeral(value: int) -> str:
    """A number in `DIGITS`, the most significant digit first."""
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
"""`numeral` with a cache, since most numbers recur."""


def decode(coded: str) -> Iterator[int]:
    """Numbers in ascending order, each `written` as its difference from the one before."""
    place = value = 0
    for digit in coded:
        figure = DIGITS.index(digit)
        value = 32 * value + figure % 32
        if figure < 32:
            place, value = place + value, 0
            yield place


def script(name: str, *values: object) -> bytes:
    """A script file that calls the function `name` of the search with `values`."""
    return f"find.{name}({', '.join(map(compact, values))})\n".encode()
