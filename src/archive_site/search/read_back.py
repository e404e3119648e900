"""The files of the search, read back: what `check` compares with the texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archive_site.corpus import urls
from archive_site.search.encoding import decode
from archive_site.search.shards import prefix_of
from archive_site.text.words import fold

Found = dict[str, set[tuple[str, int]]]


def read_search(site: Mapping[str, bytes]) -> tuple[dict[str, list[list[Any]]], Found]:
    """What a finished site's scripts hold: every text's passages by its id, and every word (folded)
    with the passages that a reader is led to from it, each as its text's id and its number.

    Raises `KeyError` where a script is missing, `ValueError` where one holds something else."""
    stride, prefixes, moved, _, _, described = _values(site, urls.SEARCH_INDEX, "index")
    ids = [text["id"] for text in described]
    texts = {text_id: _values(site, urls.text_script(text_id), "text")[2] for text_id in ids}
    found: Found = {}
    for prefix in prefixes:
        _, lines, _ = _values(site, urls.shard_script(prefix), "shard")
        for line in lines.split("\n"):
            word, _, coded = line.split(" ")
            form = fold(word)
            if (moved.get(form) or prefix_of(form, dict.fromkeys(prefixes))) == prefix:
                found[form] = {(ids[at // stride], at % stride) for at in decode(coded)}
    return texts, found


def _values(site: Mapping[str, bytes], path: str, name: str) -> list[Any]:
    script = site[path].decode()
    opening, closing = f"find.{name}(", ")\n"
    if not script.startswith(opening) or not script.endswith(closing):
        raise ValueError(f"{path} must say {opening}…); found {script[:30]!r}")
    said: list[Any] = json.loads(f"[{script.removeprefix(opening).removesuffix(closing)}]")
    return said
