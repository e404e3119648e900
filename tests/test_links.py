"""Addresses: from one page to another, and back to the file that they lead to."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive_site.corpus import urls
from archive_site.site.check import Links, read_page

FOLDER = st.sampled_from(
    ["textes", "personnes", "a-propos", "été", "a b", "100%", "..x", "x..", "-"]
)
FILES = st.builds(
    lambda folders, name: "/".join([*folders, name]),
    st.lists(FOLDER, max_size=3),
    st.sampled_from(["index.html", "texte.js", "lettre à Léon.xml", "#1.txt", "a?b.csv"]),
)


@given(FILES, FILES, st.sampled_from(["", "note-3", "b-été", "a%20b"]))
@example("index.html", "index.html", "contenu")
@example("textes/a/index.html", "textes/a/source/index.html", "")
@example("a-propos/index.html", "x../x../index.html", "")
def test_a_page_s_links_lead_where_they_were_made_to(page: str, file: str, fragment: str) -> None:
    address = urls.relative(page, file, fragment)
    assert "://" not in address and not address.startswith("/")
    found = read_page(page, f'<a\nhref="{address}">'.encode()).links
    assert found == (((file, fragment),) if address else ((page, ""),))


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("../a/index.html", "textes/a/index.html"),
        ("../../static/style.css", "static/style.css"),
        ("./autre.html", "textes/b/autre.html"),
        ("../b/./x/../index.html", "textes/b/index.html"),
        ("../../../x.html", "../x.html"),
        ("x.html?mots=a,b", "textes/b/x.html"),
        (quote("été.html"), "textes/b/été.html"),
        ("a&amp;b.html", "textes/b/a&b.html"),
        ("https://example.org/x", None),
        ("//example.org/x", None),
        ("/x", None),
        ("mailto:a@example.org", None),
    ],
)
def test_links_are_read_as_a_browser_reads_them(address: str, leads: str | None) -> None:
    page = f'<img id="a" src="{address}" data-id="no">'.encode()
    expected = ((leads, ""),) if leads else ()
    assert read_page("textes/b/index.html", page) == Links(("a",), expected)
