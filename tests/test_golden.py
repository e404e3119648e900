"""A mini-site, whole: what changed in the output is read as a diff (`make golden`)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import GOLDEN, KINDS
from sites import check_site, site_of

TAKEN_AS_TEXT = (".txt", ".md", ".xml", ".bib", ".ris", ".csl.json")
"""Of what can be taken along, what is read as a diff, too."""


def test_the_mini_site_is_as_it_was(request: pytest.FixtureRequest) -> None:
    site = site_of(GOLDEN / "corpus")
    site = {path: data for path, data in site.items() if not path.startswith("static")}
    whole = site_of(GOLDEN / "corpus", exports=True)
    assert list(check_site(whole)) == []
    site |= {path: data for path, data in whole.items() if path.endswith(TAKEN_AS_TEXT)}
    assert_same(request, GOLDEN / "site", site)


def test_texts_of_other_kinds_are_as_they_were(
    request: pytest.FixtureRequest, kinds: dict[str, bytes]
) -> None:
    assert list(check_site(kinds)) == []
    read = ("index.html", ".json", *TAKEN_AS_TEXT)
    pages = {p: d for p, d in kinds.items() if p.startswith("textes/") and p.endswith(read)}
    assert_same(request, KINDS / "site", pages)


def assert_same(request: pytest.FixtureRequest, expected: Path, site: dict[str, bytes]) -> None:
    """What is made is what was expected; `--update-golden` makes it so."""
    if request.config.getoption("--update-golden"):
        shutil.rmtree(expected, ignore_errors=True)
        for path, data in site.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(data)
    there = {p.relative_to(expected).as_posix() for p in expected.rglob("*") if p.is_file()}
    assert there == set(site)
    for path, data in site.items():
        assert data.decode() == (expected / path).read_bytes().decode(), path
