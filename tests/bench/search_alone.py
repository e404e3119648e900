"""The search's files, made alone: `search_alone.py CORPUS` prints seconds and MB."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from archive_site.corpus import load_corpus
from archive_site.entries import make_shelf
from archive_site.markup import typeset
from archive_site.mentions import find_mentions
from archive_site.search import search_files

if __name__ == "__main__":
    corpus, _ = load_corpus(Path(sys.argv[1]))
    shelf = make_shelf(corpus, find_mentions(corpus))
    typeset.cache_clear()
    sizes = {"recherche": 0, "concordance": 0}
    started = time.perf_counter()
    for path, data in search_files(shelf):
        sizes[path.partition("/")[0]] += len(data)
    print(time.perf_counter() - started, *(size / 1e6 for size in sizes.values()))
