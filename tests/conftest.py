"""Fixtures that several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive_site.corpus import Corpus, load_corpus
from archive_site.site import make_site

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden mini-site")
    parser.addoption("--no-browser", action="store_true", help="leave the browser tests out")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--no-browser"):
        left_out = [item for item in items if item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The real corpus."""
    loaded, findings = load_corpus(ROOT / "corpus")
    assert [str(finding) for finding in findings if finding.stops] == []
    return loaded


@pytest.fixture(scope="session")
def site(corpus: Corpus) -> dict[str, bytes]:
    """The real site."""
    return make_site(corpus)
