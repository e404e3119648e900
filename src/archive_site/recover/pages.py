"""Pages: where they begin in the witness, and their folios."""

from __future__ import annotations

from dataclasses import replace

from archive_site import interface
from archive_site.recover.draft import Draft
from archive_site.text.document import Omission
from archive_site.witness.pagination import paginate


def find_pages(draft: Draft) -> Draft:
    """Give every line its page, and declare folios as omissions."""
    shown = paginate([line.text for line in draft.lines])
    starts = set(shown.starts)
    omissions, folios, paged, page = list(draft.omissions), dict[int, str](), [], 1
    for i, line in enumerate(draft.lines):
        page += i in starts and i > 0
        if i in shown.folios:
            omissions.append(Omission(line.number, line.number, interface.SET_ASIDE_AS["folio"]))
            line = replace(line, text="")
        if i in shown.counted:
            folios[page] = shown.counted[i]
        paged.append(replace(line, page=page, text=line.text.replace("\f", " ")))
    return replace(draft, lines=tuple(paged), omissions=tuple(omissions), folios=folios)
