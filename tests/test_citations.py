"""References: as readers see them, as reference managers read them, each by another's hand."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import rispy
from bibtexparser.entrypoint import parse_string as parse_bibtex
from citeproc.model import CitationStylesElement
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from archive_site.edition.authority import Entry
from archive_site.exports import citations
from archive_site.exports.citations import as_bibtex, as_coins, as_csl, as_ris, cited, read_styles
from archive_site.exports.publication import Publication
from archive_site.findings import NotPossible
from archive_site.templating.resources import template_files
from archive_site.text import document as d
from archive_site.text.dates import in_french
from examples import examples
from published import published
from sites import Corpus

STYLES = read_styles(template_files("citations").values())
NBSP, THIN = "\u00a0", "\u202f"


@pytest.fixture
def text(publications: dict[str, Publication]) -> Publication:
    """A text whose every claim the witness states."""
    return publications["boukharine-leningrad-1926"]


def said(publication: Publication, **known: object) -> Publication:
    """The publication with other things known of it, as its summary then says them."""
    from archive_site.corpus.summary import text_summary

    meta = replace(publication.meta, **known)  # type: ignore[arg-type]  # what the tests below give
    edition = replace(publication.edition, document=replace(publication.document, meta=meta))
    summary = text_summary(publication.entries, edition)
    return cited(replace(publication, edition=edition, summary=summary), STYLES)


def plain(publication: Publication) -> list[str]:
    return [reference.plain for reference in publication.references]


def loose(words: str) -> str:
    """With plain spaces."""
    return words.replace(NBSP, " ").replace(THIN, " ")


# ---------------------------------------------------------------- as readers see them


def test_each_text_is_cited_in_each_style(
    publications: dict[str, Publication], corpus: Corpus
) -> None:
    version = publications["trotsky-lecons-octobre-1924"].edition.version
    revised = corpus.model.texts["trotsky-lecons-octobre-1924"].revised
    day = in_french(revised).replace(" ", NBSP, 1)
    assert plain(publications["trotsky-lecons-octobre-1924"]) == [
        f"[TROTSKY, Léon]. [Les leçons d’Octobre]. Kislovodsk, 15{NBSP}septembre 1924. In{NBSP}: "
        f"Le parti bolchevik, 1917-1928. Édition du {day}, version {version}.",
        f"[Léon Trotsky], «{THIN}[Les leçons d’Octobre]{THIN}», Kislovodsk, 15{NBSP}septembre "
        "1924, dans Le parti bolchevik, 1917-1928, "
        f"édition du {day}, version {version}.",
    ]


@pytest.mark.parametrize(
    ("text_id", "words"),
    [
        ("boukharine-leningrad-1926", "BOUKHARINE, Nikolaï. Rapport à la XXIIIe conférence"),
        ("boukharine-leningrad-1926", "Léningrad, 10-11 février 1926. In"),
        ("lenine-rapport-xie-congres-1922", "[LÉNINE]. [Rapport politique"),
        ("lenine-rapport-xie-congres-1922", "[Moscou], [27 mars 1922]"),
        ("parti-communiste-1917-1921", "; attribution proposée"),
        ("parti-communiste-1917-1921", ": Grigori Zinoviev]. [Le Parti communiste"),
        ("parti-communiste-1917-1921", "[S. l.], [vers novembre 1921]"),
        ("que-faire-parti-bolchevik-1917-1924", "Le parti bolchevik, troisième partie"),
        ("que-faire-parti-bolchevik-1917-1924", "[S. l.], [2005 ou après]"),
    ],
)
def test_a_reference_says_how_sure_it_is(
    publications: dict[str, Publication], text_id: str, words: str
) -> None:
    assert words in loose(publications[text_id].reference)


def test_what_is_looked_up_once_is_as_it_is_looked_up_anew(
    publications: dict[str, Publication], monkeypatch: pytest.MonkeyPatch
) -> None:
    once = [cited(publication, STYLES).references for publication in publications.values()]
    search = CitationStylesElement.xpath_search
    monkeypatch.setattr(CitationStylesElement, "xpath_search", search.__wrapped__)
    assert [cited(publication, STYLES).references for publication in publications.values()] == once


def test_nobody_is_cited_where_nobody_is_known(publications: dict[str, Publication]) -> None:
    reference = publications["que-faire-parti-bolchevik-1917-1924"].reference
    assert reference.startswith("Le parti bolchevik, troisième partie, 1917-1924. ")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1921", "1921"),
        ("1921~", "vers 1921"),
        ("1921?", "1921 (?)"),
        ("[2005..]", "2005 ou après"),
        ("[..1905]", "1905 ou avant"),
        ("1917/1924", "1917-1924"),
        ("192X", "années 1920"),
        ("1917-11-07", "7 novembre 1917"),
        ("", "[s. d.]"),
    ],
)
def test_dates_are_turned(text: Publication, value: str, words: str) -> None:
    claim = d.Claim(value, "stated") if value else d.Claim()
    for reference in plain(said(text, date=claim)):
        assert f"Léningrad, {words}" in loose(reference)


def test_a_title_s_own_mark_ends_its_sentence(text: Publication) -> None:
    asked = said(text, title=d.Claim("Que faire ?", "stated"))
    assert f"Que faire{THIN}? Léningrad" in asked.reference


def test_the_address_ends_a_reference_without_a_stop(text: Publication) -> None:
    placed = cited(replace(text, address="https://a.fr/b/textes/x/"), STYLES)
    assert placed.reference.endswith(f"{NBSP}: https://a.fr/b/textes/x/")
    assert all(reference.endswith("https://a.fr/b/textes/x/") for reference in plain(placed))
    assert "[en ligne]" in placed.reference


def test_a_paragraph_is_named_before_the_address(text: Publication) -> None:
    for reference in cited(replace(text, address="https://a.fr/"), STYLES).references:
        assert str(reference.before).endswith(f"version {text.edition.version}")
        assert "https://a.fr/" in reference.after
        assert "version" not in reference.after


def test_html_in_a_title_is_text(text: Publication) -> None:
    hostile = said(text, title=d.Claim('<b onclick="x">T & "U"</b>', "stated"))
    for reference in hostile.references:
        assert "&lt;b onclick=" in reference.before
        assert "<b" not in reference.before


def test_a_style_of_ones_own_is_used(tmp_path: Path, text: Publication) -> None:
    style = (Path(next(iter(template_files("citations").values())))).read_text("utf-8")
    (tmp_path / "own.csl").write_text(style.replace("<title>ISO 690", "<title>Mon style"), "utf-8")
    (own,) = read_styles([tmp_path / "own.csl"])
    assert own.name == "Mon style"
    assert cited(text, [own]).references[0].plain == text.reference


@pytest.mark.parametrize("faulty", ["", "<style>", "<style/>", "été", "\0"])
def test_a_faulty_style_is_told(tmp_path: Path, faulty: str) -> None:
    (tmp_path / "own.csl").write_text(faulty, "utf-8")
    with pytest.raises(NotPossible, match=r"own\.csl must be a citation style"):
        read_styles([tmp_path / "own.csl"])


# ---------------------------------------------------------------- as programs read them


def test_bibtex_is_read_by_two_readers(publications: dict[str, Publication]) -> None:
    text = as_bibtex(publications.values()).decode()
    entries = parse_string(text, "bibtex").entries
    assert list(entries) == list(publications)
    assert {entry.key for entry in parse_bibtex(text).entries} == set(publications)
    trotsky = entries["trotsky-lecons-octobre-1924"]
    assert [str(person) for person in trotsky.persons["author"]] == ["Trotsky, Léon"]
    assert trotsky.fields["title"] == "{[Les leçons d’Octobre]}"
    assert (trotsky.fields["date"], trotsky.fields["year"]) == ("1924-09-15", "1924")
    assert "author" not in entries["parti-communiste-1917-1921"].persons
    assert (
        "attribution proposée : Grigori Zinoviev"
        in (entries["parti-communiste-1917-1921"].fields["note"])
    )
    assert entries["parti-communiste-1917-1921"].fields["year"] == "vers 1921"
    assert entries["que-faire-parti-bolchevik-1917-1924"].fields["year"] == "2005 ou après"
    for publication in publications.values():
        assert entries[publication.meta.id].fields["version"] == publication.edition.version


def test_ris_is_read(publications: dict[str, Publication]) -> None:
    text = as_ris(publications.values()).decode()
    entries = {entry["id"]: entry for entry in rispy.loads(text)}
    assert list(entries) == list(publications)
    assert all("unknown_tag" not in entry for entry in entries.values())
    lenine = entries["lenine-rapport-xie-congres-1922"]
    assert lenine["authors"] == ["Lénine"]
    assert (lenine["year"], lenine["date"]) == ("1922", "1922/03/27/")
    assert "authors" not in entries["parti-communiste-1917-1921"]
    assert entries["que-faire-parti-bolchevik-1917-1924"]["date"] == "///2005 ou après"
    assert "year" not in entries["que-faire-parti-bolchevik-1917-1924"]


def test_csl_is_read_by_a_processor(publications: dict[str, Publication]) -> None:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc import CitationStylesStyle as Style
    from citeproc.source.json import CiteProcJSON

    items = json.loads(as_csl(publications.values()))
    by_id = {item["id"]: item for item in items}
    assert by_id["boukharine-leningrad-1926"]["issued"]["date-parts"] == [
        [1926, 2, 10],
        [1926, 2, 11],
    ]
    assert by_id["parti-communiste-1917-1921"]["issued"] == {
        "date-parts": [[1921, 11]],
        "circa": True,
    }
    assert "author" not in by_id["parti-communiste-1917-1921"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style = Style("harvard-cite-them-right", validate=False)
        made = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        for item in items:
            if len(item["issued"].get("date-parts", [])) == 2:
                continue  # this processor cannot say a span of days
            made.register(Citation([CitationItem(item["id"])]))
        words = [str(line) for line in made.bibliography()]
    assert any(re.match(r"Trotsky, L\. \(1924\) .*Les leçons d’Octobre", line) for line in words)


def test_coins_is_an_openurl(text: Publication) -> None:
    pairs = parse_qs(as_coins(text), strict_parsing=True)
    assert pairs["rft.aulast"] == ["Boukharine"]
    assert pairs["rft.date"] == ["1926"]
    assert pairs["rft.btitle"] == [text.site.title]


HOSTILE = st.text(st.sampled_from("ab {}\\%&$#_~^\"'<>,;:=@|\n\r\t«»é—"), min_size=1, max_size=20)


@given(HOSTILE.filter(str.strip), HOSTILE.filter(str.strip))
@examples(100)
def test_no_title_breaks_a_reference(title: str, name: str) -> None:
    meta = d.Meta(
        "t", d.Claim("T", "stated"), "essay", (d.Contributor("author", "k", "", "stated"),)
    )
    text = published(d.Document(meta, (d.Block("paragraph", (d.Text("Mot."),)),)))
    entries = {"k": Entry("person", "k", name, name)}
    hostile = said(replace(text, entries=entries), title=d.Claim(title, "stated"))
    (item,) = json.loads(as_csl([hostile]))
    assert item["title"] == title
    library = parse_bibtex(as_bibtex([hostile]).decode())
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == [hostile.meta.id]
    assert library.entries[0].fields_dict["type"].value == "Essai"
    (record,) = rispy.loads(as_ris([hostile]).decode())
    assert record["title"] == " ".join(title.split())
    assert all(reference.plain.endswith(".") for reference in hostile.references)


def test_what_tex_reads_is_what_was_written() -> None:
    written = citations._tex("a_b & 5 % {c} \\d ~ ^ # $")
    assert written == (
        r"a\_b \& 5 \% \{c\} \textbackslash{}d \textasciitilde{} \textasciicircum{} \# \$"
    )


# ---------------------------------------------------------------- what reviewers broke


def test_an_address_in_a_reference_is_never_typeset(text: Publication) -> None:
    address = "https://a.fr/XIe-congres/textes/2e-congres-1917/"
    for reference in cited(replace(text, address=address), STYLES).references:
        assert f'<span class="url">{address}</span>' in reference.after


def test_a_reference_reads_whole_with_an_address_given_later(text: Publication) -> None:
    iso = text.references[0]
    assert iso.online is not None
    whole = str(iso.online.before + iso.online.after)
    whole = whole.replace('"url"></span>', '"url">https://a.fr/</span>')
    placed = cited(replace(text, address="https://a.fr/"), STYLES).references[0]
    assert whole == placed.before + placed.after


def test_a_title_s_own_quotation_marks_are_inner_ones(text: Publication) -> None:
    quoted = said(text, title=d.Claim("Sur la « nouvelle opposition »", "stated"))
    iso, chicago = plain(quoted)
    assert f"Sur la «{THIN}nouvelle opposition{THIN}»" in iso
    assert f"«{THIN}Sur la “nouvelle opposition”{THIN}»" in chicago


@pytest.mark.parametrize(
    ("value", "words", "years"),
    [
        ("1917~/1921~", "vers 1917 – vers 1921", "1917"),
        ("1917-21", "printemps 1917", None),
        ("../1921", "jusqu’à 1921", None),
        ("1917-11-07/1917-11-07", "7 novembre 1917", "1917"),
        ("191X~", "vers les années 1910", None),
        ("1917-11-XX", "novembre 1917", None),
        ("[1917,1918]", "1917 ou 1918", None),
    ],
)
def test_odd_dates_keep_their_doubt(
    text: Publication, value: str, words: str, years: str | None
) -> None:
    dated = said(text, date=d.Claim(value, "stated"))
    assert f"Léningrad, {words}" in loose(dated.reference)
    (record,) = rispy.loads(as_ris([dated]).decode())
    assert record.get("year") == years
    assert "21" not in record["date"].split("/")[1]


def test_a_style_that_fails_is_told(tmp_path: Path, text: Publication) -> None:
    source = next(iter(template_files("citations").values())).read_text("utf-8")
    (tmp_path / "own.csl").write_text(source.replace('macro="names"/>', 'macro="none"/>'), "utf-8")
    with pytest.raises(NotPossible, match="the citation style ISO 690 fails"):
        cited(text, read_styles([tmp_path / "own.csl"]))


def test_a_name_with_and_in_it_is_one_name(text: Publication) -> None:
    entries = {"boukharine": Entry("person", "boukharine", "X", "Marx and Engels, Karl")}
    entry = parse_string(as_bibtex([replace(text, entries=entries)]).decode(), "bibtex")
    assert len(entry.entries["boukharine-leningrad-1926"].persons["author"]) == 1
