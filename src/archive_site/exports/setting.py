"""Typst, which sets books and draws pictures: loaded when it is asked for."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

from archive_site.findings import NotPossible

if TYPE_CHECKING:
    import typst

REMEDY = "Install it: python -m pip install typst"


def version() -> str:
    """Typst's version: what it makes depends on it. Empty where it is not installed."""
    try:
        return metadata.version("typst")
    except metadata.PackageNotFoundError:
        return ""


def needed() -> None:
    """Raises `NotPossible` where Typst is not installed."""
    try:
        import typst  # noqa: F401
    except ImportError as error:
        message = "PDF files and previews are made by Typst, which is not installed"
        raise NotPossible(message, REMEDY) from error


def faulty(error: typst.TypstError, template: str, what: str = "") -> NotPossible:
    """What is wrong with the file of ours `template`, as Typst says it of what is made from it."""
    line = re.search(r"\.typ:(\d+)", error.diagnostic)
    where = f"{template}:{line[1]}" if line else template
    said = f"{what}: {where}" if what else where
    return NotPossible(f"{said}: {error.message}", "Mend it among your own templates.")
