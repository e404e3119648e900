"""The search's files, made alone: `search_alone.py CORPUS` prints seconds and MB."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive_site.build.executors import Workers
from archive_site.build.inputs import read_inputs
from archive_site.build.load import load
from archive_site.build.progress import Progress
from archive_site.build.state import Store
from archive_site.corpus.records import Edition
from archive_site.model.site_model import SiteModel
from archive_site.names.mentions import Passage
from archive_site.pages.search import leads_of, search_index
from archive_site.search.passages import words_of
from archive_site.search.postings import IndexLine, merged, stride_of
from archive_site.search.shards import planned, shard
from archive_site.text.typography import typeset

Read = tuple[Edition, tuple[Passage, ...]]


def made(model: SiteModel, read: Iterable[Read]) -> Iterator[tuple[str, bytes]]:
    """The scripts that pages search with, each with the folder that it stands in. `read`: the texts
    of the model, read."""
    texts = {edition.id: words_of(edition, passages) for edition, passages in read}
    yield from (("concordance", text.script) for text in texts.values())
    stride = stride_of(text.facts.passage_count for text in model.texts.values())
    lines: dict[str, IndexLine] = {}
    for group in {group for text in texts.values() for group in text.groups}:
        lines |= merged((text.groups.get(group, ()) for text in texts.values()), stride)
    filed = {form: line.filed for form, line in lines.items()}
    plan = planned(filed, model.entries.values())
    leads = leads_of(model, plan)
    for prefix, rows in plan.shards.items():
        yield "recherche", shard(prefix, rows, lines, leads.get(prefix, []))
    yield "recherche", search_index(model, stride, plan)


if __name__ == "__main__":
    inputs, store = read_inputs(Path(sys.argv[1]), {}), Store(None, "")
    model, _ = load(inputs, "", False, store, Workers(), Progress.silent())
    read = [model.edition(text) for text in model.texts.values()]
    typeset.cache_clear()
    sizes = {"recherche": 0, "concordance": 0}
    started = time.perf_counter()
    for folder, data in made(model, read):
        sizes[folder] += len(data)
    print(time.perf_counter() - started, *(size / 1e6 for size in sizes.values()))
