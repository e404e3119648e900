"""Typst, which typesets PDF books and draws preview images. It is optional and imported lazily."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

from archive_site.findings import NotPossible

if TYPE_CHECKING:
    import typst

REMEDY = "Install it: python -m pip install typst"


def version() -> str:
    """The version of Typst, on which its output depends; empty if it is not installed."""
    try:
        return metadata.version("typst")
    except metadata.PackageNotFoundError:
        return ""


def needed() -> None:
    """Raise `NotPossible` if Typst is not installed."""
    try:
        import typst  # noqa: F401
    except ImportError as error:
        message = "PDF files and previews need Typst, which is not installed"
        raise NotPossible(message, REMEDY) from error


def faulty(error: typst.TypstError, template: str, what: str = "") -> NotPossible:
    """The error for a faulty `template`, with the message and the line that Typst reports. `what`
    names the text for which it was used."""
    line = re.search(r"\.typ:(\d+)", error.diagnostic)
    where = f"{template}:{line[1]}" if line else template
    place = f"{what}: {where}" if what else where
    return NotPossible(f"{place}: {error.message}", "Correct it in your own templates.")
