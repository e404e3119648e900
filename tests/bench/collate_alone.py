"""`collate_alone.py CORPUS TIMES` collates every text of a corpus so often, after loading it."""

from __future__ import annotations

import sys
from pathlib import Path

from archive_site.collate import collate
from archive_site.corpus import load_corpus

if __name__ == "__main__":
    corpus, _ = load_corpus(Path(sys.argv[1]))
    for _again in range(int(sys.argv[2])):
        for edition in corpus.editions:
            if edition.witness:
                collate(edition.document, edition.witness, edition.path)
