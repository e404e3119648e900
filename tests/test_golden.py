"""A mini-site, whole: what changed in the output is read as a diff (`make golden`)."""

from __future__ import annotations

import shutil

import pytest

from archive_site.check import check_corpus, check_site
from archive_site.corpus import load_corpus
from archive_site.downloads import Exports
from archive_site.site import make_site
from conftest import GOLDEN

TAKEN_AS_TEXT = (".txt", ".md", ".xml", ".bib", ".ris", ".csl.json")
"""Of what can be taken along, what is read as a diff, too."""


def test_the_mini_site_is_as_it_was(request: pytest.FixtureRequest) -> None:
    corpus, findings = load_corpus(GOLDEN / "corpus")
    assert [f for f in [*findings, *check_corpus(corpus)] if f.stops] == []
    site = {path: data for path, data in make_site(corpus).items() if not path.startswith("static")}
    whole = make_site(corpus, exports=Exports())
    assert list(check_site(whole)) == []
    site |= {path: data for path, data in whole.items() if path.endswith(TAKEN_AS_TEXT)}
    expected = GOLDEN / "site"
    if request.config.getoption("--update-golden"):
        shutil.rmtree(expected, ignore_errors=True)
        for path, data in site.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(data)
    there = {p.relative_to(expected).as_posix() for p in expected.rglob("*") if p.is_file()}
    assert there == set(site)
    for path, data in site.items():
        assert data.decode() == (expected / path).read_bytes().decode(), path
