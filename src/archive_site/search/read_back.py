"""Read the search files of a finished site, which `check` compares with the texts."""

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
    """The contents of a site's search scripts: the passages of every text, by id; and the passages
    found for every word (folded), each as the id of its text and its number.

    Raises `KeyError` if a script is missing, and `ValueError` if one has other contents."""
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
        raise ValueError(f"{path} must be {opening}…); found {script[:30]!r}")
    values: list[Any] = json.loads(f"[{script.removeprefix(opening).removesuffix(closing)}]")
    return values
