"""`collate_alone.py CORPUS TIMES` collates every text of a corpus so often, after reading it."""

from __future__ import annotations

import sys
from pathlib import Path

from archive_site.edition.format import loads
from archive_site.witness.collate import collate
from archive_site.witness.witness import read_witness

if __name__ == "__main__":
    root = Path(sys.argv[1])
    texts = [loads(path.read_text("utf-8")) for path in sorted(root.glob("editions/*.md"))]
    names = [(text, text.meta.witness) for text in texts if text.meta.witness]
    witnessed = [(text, read_witness(root / "witnesses" / name)) for text, name in names]
    for _again in range(int(sys.argv[2])):
        for text, witness in witnessed:
            collate(text, witness, text.meta.id)
