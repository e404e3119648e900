"""Typst, which sets books and draws pictures: loaded when it is asked for."""

from __future__ import annotations

import re
from typing import Any

from archive_site.findings import NotPossible

REMEDY = "Install it: python -m pip install typst"


def compiled(source: bytes, template: str, what: str = "", **options: Any) -> bytes:
    """What Typst makes of `source`, with the faces that it carries and no others. `template` names
    the file of ours that the source is made from, `what` the text; `options` are Typst's own.

    Raises `NotPossible` where Typst is not installed, or the template is faulty."""
    try:
        import typst
    except ImportError as error:
        message = "PDF files and previews are made by Typst, which is not installed"
        raise NotPossible(message, REMEDY) from error
    try:
        made = typst.compile(source, ignore_system_fonts=True, **options)
    except typst.TypstError as error:
        line = re.search(r"\.typ:(\d+)", error.diagnostic or "")
        where = f"{template}:{line[1]}" if line else template
        fault = f"{where}: {error.message}" + (f" ({what})" if what else "")
        raise NotPossible(fault, "Mend it among your own templates.") from error
    assert isinstance(made, bytes)
    return made
