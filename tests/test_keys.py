"""Whatever a page can show, once it changes: what a build makes anew is what a first build makes.

The archive is the golden one with more in it; each test changes one thing, and takes it back.
"""

from __future__ import annotations

import json
import re
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from archive_site.build.build import BuildRequest, build
from archive_site.exports import pdf, preview
from archive_site.exports.publication import Publication
from archive_site.files.cache import cache_folder
from conftest import GOLDEN
from twice import differences, files_of, made_whole, of_corpus

MORE = {
    "people.yaml": """\
martin:
  name: Paul Martin
  sort: Martin, Paul
  years: 1880–1950
  description: Secrétaire du syndicat.
  forms: [Martin]
  same_as: {viaf: '12', bnf: cb119126537}
  links: ['https://exemple.fr/martin']
  sources: [maitron, "registre, p. 3"]
  certainty: probable
  ground: une signature
petit:
  name: Aline Petit
  sort: Petit, Aline
roy:
  name: Anne Roy
  sort: Roy, Anne
""",
    "organisations.yaml": """\
syndicat:
  name: Syndicat des mineurs
  forms: [syndicat]
  description: Un syndicat.
  years: 1890–1914
  same_as: {wikidata: Q1}
""",
    "places.yaml": """\
lens:
  name: Lens
  description: Une ville.
  same_as: {geonames: '2'}
  coordinates: [50.43, 2.83]
""",
    "works.yaml": """\
la-voix:
  name: La Voix du Nord
  forms: [La Voix]
  creator: martin
  date: '1907'
  description: Un journal.
""",
    "events.yaml": """\
reunion:
  name: Réunion de Lens
  forms: [réunion]
  date: 1907-03-23
  old_style: 1907-03-10
  place: lens
  description: Une réunion.
robespierre:
  name: Chute de Robespierre
  date: 1794-07-27
""",
    "glossary.yaml": """\
conge:
  name: Congé
  forms: [congés]
  notes: [memoire-1907#1, memoire-1907#2]
  description: Un repos.
""",
    "collections.yaml": """\
grand-fonds: {title: Grand fonds, description: Tout ce qui reste.}
dossier: {title: Dossier, parents: grand-fonds, order: [article-1908]}
autre: {title: Autre dossier}
""",
    "bibliography.bib": """\
@book{maitron,
  author = {Maitron, Jean},
  title = {Un dictionnaire},
  date = {1964},
  doi = {10.1000/x},
}
@book{maitron2,
  author = {Maitron, Jean},
  title = {Une histoire},
  date = {1964},
}
@book{jamais,
  author = {Personne, Anne},
  title = {Un livre},
  date = {1970},
}
""",
    "bibliography.json": """\
[{"id": "registre", "type": "manuscript", "title": "Un registre",
  "issued": {"date-parts": [[1907]]}, "archive": "Les archives"}]
""",
    "exemptions.yaml": "- {path: editions/lettre-1906.md, code: W050, reason: un essai}\n",
    "editions/memoire-1907.md": """\
---
id: memoire-1907
title: Mémoire sur la grève
short_title: Mémoire
kind: report
creator: {key: martin, role: author, certainty: certain, ground: la signature}
date: 1907-04-02
place: Lens
event: une assemblée
covers: {value: 1905/1907, certainty: certain, ground: les faits}
calendar: julian
language: fr
summary: Un mémoire.
contributors: [{key: roy, role: translator}]
source: {reference: 'maitron, f. 3', repository: Lens, shelf_mark: 1 F, note: Une liasse.}
original: {title: Denkschrift, language: de, reference: maitron2}
rights: {author: inconnu, edition: libre}
license: {edition: CC-BY-4.0}
identifiers: {wikidata: Q12}
collection: [dossier, autre]
work: la-voix
status: proofread
remarks: [Une remarque.]
revisions:
- {date: 2020-01-02, what: mise en ligne, who: l’équipe}
---

# Mémoire

## Avant

Le syndicat de Lens tint sa réunion le 10 mars 1907, et Martin y parla des congés.[^1]

Voyez [le discours](discours-1905#citoyens-nous-sommes-12-000-qui), puis
[l’article](article-1908) de Paul Martin. *Le discours* est connu.[^2]

## Après

::: {.quote speaker="martin la-voix"}
> Tenez bon, dit La Voix.
:::

Jeanne Durand et Martin vinrent à Paris. [Ce jour]{.name key=1907-05-01} fut beau.

[^1]: Des congés : Martin les voulait, et Martin les eut.

[^2]: Les congés, encore. À Lens. [voir @registre, fol. 2; @maitron]
""",
    "editions/article-1908.md": """\
---
id: article-1908
title: Un article
kind: article
creator: {key: durand, role: author, certainty: probable, ground: le style}
date: '1908'
collection: dossier
work: la-voix
status: proofread
---

# Un article

Le 23 mars 1907, à Lens, le syndicat tint une réunion [@maitron, p. 12] : Martin la mena.

De la grève et des congés, La Voix ne dit mot. Le 3 mai 1905, Durand parlait.

Le 27 juillet 1794 est loin.
""",
}  # fmt: skip


@dataclass
class Archive:
    """An archive that was built, and its site as it is then."""

    asked: BuildRequest
    words: dict[str, str]
    site: dict[str, bytes]
    as_it_was: bool = True

    def write(self, words: Mapping[str, str]) -> None:
        """Write the files of the corpus that are others than they were; delete those that went."""
        corpus, seen = self.asked.corpus, set()
        for path in [path for path in corpus.rglob("*") if path.is_file()]:
            name = path.relative_to(corpus).as_posix()
            seen.add(name)
            if name not in words:
                path.unlink()
        for name, text in words.items():
            if name not in seen or (corpus / name).read_text("utf-8") != text:
                (corpus / name).parent.mkdir(parents=True, exist_ok=True)
                (corpus / name).write_text(text, "utf-8")


def _as_source(publication: Publication, design: str) -> bytes:
    """A PDF's source: all that it is made from, in no time."""
    return f"{publication.moment}\n{pdf.as_typst(publication, design)}".encode()


def _as_words(words: Mapping[str, str], own: Path | None) -> bytes:
    """What a picture would show."""
    return json.dumps([dict(words), str(own)]).encode()


def _loosely(compressor: Callable[..., object], _: int, *options: int) -> object:
    """A compressor for zip files that does not compress, in no time."""
    return compressor(0, *options)


@contextmanager
def _built(root: Path, words: Mapping[str, str], exports: bool = True) -> Iterator[Archive]:
    """An archive; books are made of all that they are made from, but not set."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pdf, "as_pdf", _as_source)
        patched.setattr(preview, "_drawn", _as_words)
        patched.setattr(zlib, "compressobj", partial(_loosely, zlib.compressobj))
        asked = BuildRequest(root / "corpus", root / "site", exports=exports, jobs=1)
        archive = Archive(asked, dict(words), {})
        archive.write(words)
        build(asked)
        archive.site = files_of(asked.output)
        yield archive


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The golden archive, with more in it."""
    golden = GOLDEN / "corpus"
    found = {p: p.read_text("utf-8") for p in golden.rglob("*") if p.is_file()}
    words = {path.relative_to(golden).as_posix(): text for path, text in found.items()}
    words |= {name: words.get(name, "") + text for name, text in MORE.items()}
    with _built(tmp_path_factory.mktemp("archive"), words) as archive:
        yield archive


def _as_it_was(archive: Archive) -> Archive:
    """An archive as it was built, whatever an earlier test left."""
    if not archive.as_it_was:
        archive.write(archive.words)
        shutil.rmtree(cache_folder(archive.asked.output))
        build(archive.asked)
        assert differences(archive.site, files_of(archive.asked.output)) == []
    archive.as_it_was = False
    return archive


@pytest.fixture
def archive(built: Archive) -> Archive:
    """The golden archive, with more in it, as it was built."""
    return _as_it_was(built)


def test_the_archive_has_much_to_show(archive: Archive) -> None:
    """What is changed below is on some page."""
    text = {path: data.decode("utf-8", "replace") for path, data in archive.site.items()}
    page = text["textes/memoire-1907/index.html"]
    assert "À lire ensuite" in page or "lire-ensuite" in page or "même événement" in page
    assert "articles" in text["index.html"] or "Un article" in text["index.html"]
    assert "Tenez bon, dit La" in text["personnes/martin/index.html"].replace("\u202f", " ")
    assert "Des congés" in text["notions/conge/index.html"]
    assert "Réunion de Lens" in text["chronologie/1907/index.html"]
    assert "ancien style" in text["chronologie/1907/index.html"]
    archive.as_it_was = True


Change = tuple[str, str, str]


def change(file: str, old: str, new: str) -> tuple[Change, ...]:
    return ((file, old, new),)


BIB, CSL = "bibliography.bib", "bibliography.json"
PEOPLE, TEXT, LAST = "people.yaml", "editions/memoire-1907.md", "editions/article-1908.md"
SPEECH = "editions/discours-1905.md"
CHANGES: dict[str, tuple[Change, ...]] = {
    # site.yaml
    "the archive's title": change("site.yaml", "Petite archive", "Grande archive"),
    "its subtitle": change("site.yaml", "Deux textes", "Quatre textes"),
    "its years": change("site.yaml", r"\Z", "covers: 1900/1920\n"),
    "its purpose": change("site.yaml", "Elle tient", "Elle va"),
    "its address": change("site.yaml", "exemple.fr/archive", "exemple.org/a"),
    "no address": change("site.yaml", "base_url: .*\n", ""),
    "its contact": change("site.yaml", "archive@exemple.fr", "autre@exemple.fr"),
    "its concordance": change("site.yaml", r"\Z", "concordance_limit: 0\n"),
    "a kind's name": (
        ("site.yaml", r"\Z", "kinds: {placard: Placard}\n"),
        (LAST, "kind: article", "kind: placard"),
    ),
    # collections
    "a collection's title": change("collections.yaml", "Grand fonds", "Petit fonds"),
    "the title of a text's own": change("collections.yaml", "title: Dossier", "title: Liasse"),
    "a collection's description": change("collections.yaml", "Tout ce qui reste", "Ce qui reste"),
    "a collection's parent": change("collections.yaml", "parents: grand-fonds, ", ""),
    "another parent": change("collections.yaml", "parents: grand-fonds", "parents: [autre]"),
    "a collection's order": change(
        "collections.yaml", r"order: \[article-1908\]", "order: [memoire-1907, article-1908]"
    ),
    "a collection's key": (
        ("collections.yaml", "dossier:", "chemise:"),
        (TEXT, r"\[dossier, autre\]", "[chemise, autre]"),
        (LAST, "collection: dossier", "collection: chemise"),
    ),
    "a collection more": change("collections.yaml", r"\Z", "vide: {title: Vide}\n"),
    "the order of collections": change(
        "collections.yaml", r"(?s)(dossier:.*?\n)(autre:.*)", r"\2\1"
    ),
    "a text's collections": change(TEXT, r"\[dossier, autre\]", "[autre, dossier]"),
    "a text in a collection less": change(TEXT, r"\[dossier, autre\]", "autre"),
    "a text in no collection": (
        (LAST, "collection: dossier\n", ""),
        ("collections.yaml", r", order: \[article-1908\]", ""),
    ),
    # contributors, source, rights
    "a translator": change(TEXT, "key: roy, role: translator", "key: durand, role: translator"),
    "a translator without an entry": change(TEXT, "key: roy, role", "name: 'Roy, A.', role"),
    "another role": change(TEXT, "role: translator", "role: editor"),
    "a translator's name": change(PEOPLE, "name: Anne Roy", "name: Annie Roy"),
    "a translator's sort": change(PEOPLE, "sort: Roy, Anne", "sort: Zoy, Anne"),
    "a shelf mark": change(TEXT, "shelf_mark: 1 F", "shelf_mark: 2 F"),
    "the original": change(TEXT, "title: Denkschrift", "title: Schrift"),
    "a licence": change(TEXT, "CC-BY-4.0", "CC0-1.0"),
    "an identifier": change(TEXT, "wikidata: Q12", "wikidata: Q13"),
    # editions of one work
    "another edition's title": change(LAST, "title: Un article", "title: Une feuille"),
    "another edition's date": change(LAST, "date: '1908'", "date: '1909'"),
    "no other edition": change(LAST, "work: la-voix\n", ""),
    # entries
    "a person's name": change(PEOPLE, "name: Paul Martin", "name: Jean Martin"),
    "a name that shows in a card only": change(PEOPLE, "name: Aline Petit", "name: Aline Petite"),
    "a person's sort": change(PEOPLE, "sort: Martin, Paul", "sort: Zartin"),
    "a speaker's sort": change(PEOPLE, "sort: Martin, Paul", "sort: Azartin"),
    "a person's years": change(PEOPLE, "1880–1950", "1880–1951"),
    "a person's description": change(PEOPLE, "Secrétaire du", "Trésorier du"),
    "the creator's description": change(PEOPLE, "Oratrice de", "Autrice de"),
    "the creator's years": change(PEOPLE, "1870–1940", "1871–1940"),
    "the creator's sort": change(PEOPLE, "sort: Durand, Jeanne", "sort: Durande"),
    "the creator's name": change(PEOPLE, "name: Jeanne Durand", "name: Anne Durand"),
    "a person's identifier": change(PEOPLE, "viaf: '12'", "viaf: '13'"),
    "another's identifier": change(PEOPLE, "viaf: '12'", "gnd: '118529579'"),
    "a person's link": change(PEOPLE, "exemple.fr/martin", "exemple.fr/paul"),
    "what to see": change(PEOPLE, r"see: \[greve\]", "see: [conge, paris]"),
    "nothing to see": change(PEOPLE, r"  see: \[greve\]\n", ""),
    "a form": change(PEOPLE, r"forms: \[Martin\]", "forms: [Martin, Mot]"),
    "a form that texts have": change(PEOPLE, r"forms: \[Martin\]", "forms: [Martin, connu]"),
    "a form less": change(PEOPLE, r"  forms: \[Martin\]\n", ""),
    "a form's rule": change(
        PEOPLE, r"forms: \[Martin\]", "forms: [{form: Martin, not_in: [article-1908]}]"
    ),
    "a rule for the name": change(
        PEOPLE, r"forms: \[Martin\]", "forms: [Martin, {form: Paul Martin, not_in: [article-1908]}]"
    ),
    "a rule for a place's name": change(
        "places.yaml", "name: Lens\n",
        "name: Lens\n  forms: [{form: Lens, not_in: [lettre-1906]}]\n",
    ),
    "a rule for a name that nobody has": change(
        PEOPLE, "sort: Petit, Aline",
        "sort: Petit, Aline\n  forms: [{form: Aline Petit, not_in: [lettre-1906]}]",
    ),
    "a form with a rule that no text has": change(
        PEOPLE, "sort: Petit, Aline",
        "sort: Petit, Aline\n  forms: [{form: Grève, only_after: [jamais dit]}]",
    ),
    "a line": change(PEOPLE, r"\A", "# Personnes\n\n"),
    "an entry": change(PEOPLE, r"\Z", "nouveau:\n  name: Nouveau\n"),
    "an entry gone": change(PEOPLE, "petit:\n  name: Aline Petit\n  sort: Petit, Aline\n", ""),
    "the order of entries": change(PEOPLE, r"(?s)(durand:.*?)(martin:.*?)(petit:.*)", r"\3\2\1"),
    "a key": (
        (PEOPLE, r"(?m)^martin:", "marten:"),
        ("works.yaml", "creator: martin", "creator: marten"),
        (TEXT, "key: martin", "key: marten"),
        (TEXT, 'speaker="martin', 'speaker="marten'),
    ),
    "a key that no text has": change(PEOPLE, r"(?m)^petit:", "aline-petit:"),
    "a place's key": (
        ("places.yaml", r"(?m)^lens:", "lans:"), ("events.yaml", "place: lens", "place: lans"),
    ),
    "a kind": (
        ("organisations.yaml", "(?s).*", ""),
        (PEOPLE, r"\Z", "syndicat:\n  name: Syndicat des mineurs\n  forms: [syndicat]\n"),
    ),
    "an organisation's name": change("organisations.yaml", "Syndicat des", "Union des"),
    "an organisation's description": change("organisations.yaml", "Un syndicat", "Une union"),
    "an organisation's years": change("organisations.yaml", "1914", "1915"),
    "a place's name": change(
        "places.yaml", "name: Lens", "name: Lens (Pas-de-Calais)\n  forms: [Lens]"
    ),
    "a place's description": change("places.yaml", "Une ville", "Une grande ville"),
    "a place's identifier": change("places.yaml", "geonames: '2'", "geonames: '3'"),
    "a work's name": change("works.yaml", "La Voix du Nord", "La Voix du Sud"),
    "a work's creator": change("works.yaml", "creator: martin", "creator: durand"),
    "a work of nobody": change("works.yaml", "  creator: martin\n", ""),
    "a work's date": change("works.yaml", "date: '1907'", "date: '1906'"),
    "a work's description": change("works.yaml", "Un journal", "Une feuille"),
    "a work's text": change("works.yaml", "text: discours-1905", "text: article-1908"),
    "a work that is no text": change("works.yaml", "  text: discours-1905\n", ""),
    "an event's name": change("events.yaml", "Réunion de Lens", "Assemblée de Lens"),
    "an event's date": change(
        "events.yaml", "date: 1907-03-23\n  old_style: 1907-03-10\n", "date: 1907-03-24\n"
    ),
    "an event of several days": change(
        "events.yaml", "1907-03-23\n  old_style: 1907-03-10", "1907-03-22/1907-03-25"
    ),
    "an event without a date": change(
        "events.yaml", "  date: 1907-03-23\n  old_style: 1907-03-10\n", ""
    ),
    "an event in one calendar": change("events.yaml", "  old_style: 1907-03-10\n", ""),
    "an event's certainty": change("events.yaml", "certainty: probable", "certainty: proposed"),
    "an event's place": change("events.yaml", "place: lens", "place: paris"),
    "an event's description": change("events.yaml", "Une réunion", "Une assemblée"),
    "an event on another's day": change("events.yaml", "date: 1904~", "date: 1907-03-23"),
    "a notion's name": change("glossary.yaml", "name: Congé", "name: Congés"),
    "a notion's description": change("glossary.yaml", "Un repos", "Du repos"),
    "a notion's note": change("glossary.yaml", "memoire-1907#1, memoire-1907#2", "memoire-1907#2"),
    # texts: what is known of them
    "a title": change(TEXT, "title: Mémoire sur la grève", "title: Mémoire de la grève"),
    "a title of the editor's": change(
        TEXT, "title: Mémoire sur la grève",
        "title: {value: Mémoire sur la grève, certainty: certain, ground: l’éditeur}",
    ),
    "a short title": change(TEXT, "short_title: Mémoire", "short_title: Un mémoire"),
    "no short title": change(TEXT, "short_title: Mémoire\n", ""),
    "a title without a short one": change(LAST, "title: Un article", "title: Un bel article"),
    "a kind of text": change(TEXT, "kind: report", "kind: essay"),
    "a creator": change(TEXT, "key: martin, role", "key: roy, role"),
    "a creator unknown": change(TEXT, "creator: {key: martin.*", "creator: ''"),
    "a creator's role": change(TEXT, "role: author", "role: speaker"),
    "a creator's certainty": change(
        TEXT, "role: author, certainty: certain", "role: author, certainty: proposed"
    ),
    "a creator's ground": change(TEXT, "ground: la signature", "ground: le style"),
    "a text's date": change(TEXT, "date: 1907-04-02", "date: 1907-04-03"),
    "a text's year": change(TEXT, "date: 1907-04-02", "date: '1906'"),
    "the order of texts": change(TEXT, "date: 1907-04-02", "date: '1910'"),
    "the first text": change(LAST, "date: '1908'", "date: '1900'"),
    "a text's place": change(TEXT, "place: Lens", "place: Douai"),
    "an occasion": change(TEXT, "une assemblée", "un congrès"),
    "a text's years": change(TEXT, "1905/1907", "1904/1907"),
    "a calendar": change(TEXT, "calendar: julian\n", ""),
    "a date by the Republican calendar": (
        (LAST, "date: '1908'", "date: 1794-07-28"),
        (LAST, "status:", "calendar: republican\nstatus:"),
    ),
    "a calendar of the other": change(LAST, "status:", "calendar: julian\nstatus:"),
    "a language": change(TEXT, "language: fr", "language: de"),
    "a summary": change(TEXT, "summary: Un mémoire.", "summary: Autre chose."),
    "a source": change(TEXT, "Une liasse", "Un carton"),
    "rights": change(TEXT, "edition: libre", "edition: réservés"),
    "a status": change(TEXT, "status: proofread", "status: draft"),
    "a remark": change(TEXT, "Une remarque", "Une autre remarque"),
    "a revision": change(TEXT, "2020-01-02, what: mise", "2020-02-03, what: mise"),
    "a new revision": change(
        TEXT, "who: l’équipe}\n", "who: l’équipe}\n- {date: 2021-01-01, what: relecture, who: A}\n"
    ),
    "an alias": change(TEXT, "status:", "aliases: {vieux: avant}\nstatus:"),
    "no revision": change(TEXT, "revisions:\n.*\n", ""),
    # texts: their words
    "a word": change(TEXT, "est connu", "est fameux"),
    "the words that a reader is sent to": change(LAST, "Martin la mena", "Martin y parla"),
    "a sentence that names": change(LAST, "La Voix ne dit mot", "La Voix se tait"),
    "a name more": change(LAST, "Martin la mena", "Martin la mena, et Martin parla"),
    "a name less": change(LAST, " : Martin la mena", ""),
    "a name that only one text had": change(LAST, "Martin la mena", "Martin la mena à Paris"),
    "a day less": change(LAST, "Le 23 mars 1907, à Lens", "À Lens"),
    "a day more": change(LAST, "Le 3 mai 1905", "Le 4 mai 1905"),
    "a heading": change(TEXT, "## Avant", "## Auparavant"),
    "a heading that names": change(LAST, "# Un article", "# Un article de Martin"),
    "a paragraph before": change(LAST, "Le 23 mars", "D’abord, rien.\n\nLe 23 mars"),
    "a quotation before": change(LAST, "Le 23 mars", "> D’abord, rien.\n\nLe 23 mars"),
    "an open quotation mark before": change(
        LAST, "Le 23 mars 1907(.*)\n", "> «D’abord.\n>\n> Le 23 mars 1907\\1»\n"
    ),
    "a quotation": change(TEXT, "Tenez bon", "Tenez ferme"),
    "a speaker": change(TEXT, 'speaker="martin la-voix"', 'speaker="durand la-voix"'),
    "a speaker less": change(TEXT, 'speaker="martin la-voix"', 'speaker="la-voix"'),
    "no speaker": change(TEXT, ' speaker="martin la-voix"', ""),
    "a note that explains": change(TEXT, "et Martin les eut", "mais Martin ne les eut pas"),
    "a note's name": change(TEXT, "Les congés, encore", "Les congés de Martin, encore"),
    "the same names in one note": (
        (TEXT, r"Martin les voulait, et Martin les eut\.", "Martin les voulait."),
        (TEXT, "Les congés, encore.", "Les congés, encore, de Martin."),
    ),
    "a note gone": (
        (TEXT, r"\[\^2\]\n", "\n"), (TEXT, r"\[\^2\]: .*\n", ""),
        ("glossary.yaml", ", memoire-1907#2", ""),
    ),
    "another label": (
        (TEXT, r"(?s)\[\^2\](.*)\[\^2\]", r"[^3]\1[^3]"),
        ("glossary.yaml", "memoire-1907#2", "memoire-1907#3"),
    ),
    "a link's words": change(TEXT, r"\[l’article\]", "[cet article]"),
    "a link less": change(TEXT, r"\[l’article\]\(article-1908\)", "l’article"),
    "a link elsewhere": change(TEXT, r"\(article-1908\)", "(article-1908#un-article)"),
    "a title that is named": change(TEXT, r"\*Le discours\*", "*Le texte*"),
    "a text that a link leads to": change(SPEECH, "title: Le", "short_title: Dit\ntitle: Le"),
    "a text that is an entry": change(SPEECH, "title: Le discours", "title: Discours"),
    "a text's id": (
        ("works.yaml", r"\Z", ""), (LAST, "id: article-1908", "id: bel-article"),
        (LAST, r"\A", ""), (TEXT, r"\(article-1908\)", "(bel-article)"),
        ("collections.yaml", "article-1908", "bel-article"),
    ),
    "a correction": change(LAST, "ne dit mot", 'ne [dit]{.corr sic="dis"} mot'),
    "a day by the Republican calendar": change(LAST, "27 juillet 1794", "9 thermidor an II"),
    "an event's words with a Republican day": change(
        "events.yaml", "name: Chute de", "name: 9 thermidor, chute de"
    ),
    "a marked day": change(TEXT, "key=1907-05-01", "key=1907-05-02"),
    "a marked name": change(LAST, "ne dit mot", "ne [dit]{.name key=petit} mot"),
    # the bibliography
    "a work's title there": change(BIB, "Un dictionnaire", "Un lexique"),
    "a title that an entry cites": change(CSL, "Un registre", "Un cahier"),
    "a title that nobody cites": change(BIB, "Un livre", "Un ouvrage"),
    "an author there": change(BIB, "Maitron, Jean", "Lemaitron, Jean"),
    "a year there": change(BIB, "1964", "1965"),
    "a year that nobody cites": change(BIB, "1970", "1971"),
    "a work that was alike": change(BIB, r"date = \{1964\},\n\}", "date = {1966},\n}"),
    "an identifier there": change(BIB, "10.1000/x", "10.1000/y"),
    "a work before another like it": change(
        BIB, r"\Z", "@book{maitron0,\n author={Maitron, Jean}, title={Abrégé}, date={1964}}\n"
    ),
    "a work gone": change(BIB, r"(?s)@book\{jamais.*", ""),
    "a file of works gone": (
        (CSL, "(?s).*", ""), (PEOPLE, ', "registre, p. 3"', ""),
        (TEXT, "voir @registre, fol. 2; ", ""),
    ),
    "a work's key": (
        (BIB, r"maitron,\n", "maitre,\n"), (PEOPLE, r"\[maitron,", "[maitre,"),
        (TEXT, "@maitron", "@maitre"), (LAST, "@maitron", "@maitre"),
        (TEXT, "'maitron, f", "'maitre, f"),
    ),
    "the place in a text's source": change(TEXT, "maitron, f. 3", "maitron, f. 4"),
    "another work as the original": change(TEXT, "reference: maitron2", "reference: jamais"),
    "a comment there": change(BIB, r"\A", "% Les ouvrages\n\n"),
    "a place in a work": change(LAST, r"@maitron, p\. 12", "@maitron, p. 13"),
    "another work cited": change(LAST, "@maitron, p", "@maitron2, p"),
    "a citation more": change(LAST, "ne dit mot", "ne dit mot [@jamais]"),
    "a citation less": change(LAST, r" \[@maitron, p\. 12\]", ""),
    "words before a citation": change(TEXT, "voir @registre", "cf. @registre"),
    "a source less": change(PEOPLE, ', "registre, p. 3"', ""),
    "a source more": change("places.yaml", "coordinates:", "sources: [jamais]\n  coordinates:"),
    "a place in a source": change(PEOPLE, "registre, p. 3", "registre, p. 4"),
    "an identification": change(PEOPLE, "certainty: probable", "certainty: proposed"),
    "its ground": change(PEOPLE, "une signature", "une lettre"),
    "coordinates": change("places.yaml", "50.43", "50.44"),
    "no coordinates": change("places.yaml", "  coordinates: .*\n", ""),
    "two creators": change("works.yaml", "creator: martin", "creator: [durand, martin]"),
    # other files
    "words unclaimed": change("unclaimed.yaml", "mot d’une", "un mot d’une"),
    "no exemption": change("exemptions.yaml", "(?s).*", ""),
    "a reason": change("exemptions.yaml", "un essai", "un brouillon"),
}  # fmt: skip


def _changed(words: Mapping[str, str], changes: tuple[Change, ...]) -> dict[str, str]:
    made = dict(words)
    for file, old, new in changes:
        made[file], count = re.subn(old, new, made[file], count=1)
        assert count, (file, old)
    if "id: bel-article" in made[LAST]:  # a text that is called otherwise has another file
        made["editions/bel-article.md"] = made.pop(LAST)
    return {name: text for name, text in made.items() if text}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_what_a_build_makes_is_what_a_first_build_makes(name: str, archive: Archive) -> None:
    words = _changed(archive.words, CHANGES[name])
    assert words != archive.words
    _there_and_back(archive, words, archive.asked)


def _gone(words: dict[str, str]) -> None:
    """A text, and all that leads to it."""
    del words[LAST]
    words[TEXT] = words[TEXT].replace("[l’article](article-1908)", "l’article")
    words["collections.yaml"] = words["collections.yaml"].replace("[article-1908]", "[]")


def _come(words: dict[str, str]) -> None:
    """A text between others, that names much."""
    words["editions/note-1907.md"] = (
        words[LAST].replace("id: article-1908", "id: note-1907").replace("'1908'", "'1907'")
    )


def _witnessed(words: dict[str, str]) -> None:
    """A witness that nobody names: it is not published."""
    words["witnesses/autre.txt"] = "Un autre témoin."


def _summed(words: dict[str, str]) -> None:
    """The line of a witness that is not there."""
    words["witnesses/SHA256SUMS"] += f"{'0' * 64}  autre.txt\n"


FILES: tuple[Callable[[dict[str, str]], None], ...] = (_gone, _come, _witnessed, _summed)


@pytest.mark.parametrize("edit", FILES, ids=[edit.__name__.strip("_") for edit in FILES])
def test_files_that_come_and_go(edit: Callable[[dict[str, str]], None], archive: Archive) -> None:
    words = dict(archive.words)
    edit(words)
    _there_and_back(archive, words, archive.asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"base_url": "https://a.example/b/"},
        {"exports": False},
        {"epoch": 1_700_000_000},
        {"exports": False, "epoch": 1_700_000_000},
    ],
    ids=str,
)
def test_options(asked: dict[str, object], archive: Archive) -> None:
    _there_and_back(archive, archive.words, replace(archive.asked, **asked))  # type: ignore[arg-type]


LITTLE = {
    "site.yaml": "title: Essai\n",
    "editions/a.md": (
        "---\nid: a\ntitle: A\nkind: essay\ncreator: ''\ndate: ''\nstatus: proofread\n---\n\n"
        "Paul parle le matin.\n\nSuite.\n"
    ),
    "editions/b.md": (
        "---\nid: b\ntitle: B\nkind: essay\ncreator: ''\ndate: ''\nstatus: proofread\n---\n\nMot.\n"
    ),
}
"""An archive with next to nothing."""
FIRST: dict[str, dict[str, str]] = {
    "entry": {"people.yaml": "x:\n  name: Xavier\n"},
    "person": {"people.yaml": "paul:\n  name: Paul\n"},
    "place": {"places.yaml": "x:\n  name: Xanten\n"},
    "event": {"events.yaml": "x:\n  name: Xénia\n  date: '1917'\n"},
    "day": {"editions/a.md": LITTLE["editions/a.md"].replace("le matin", "le 3 mai 1917")},
    "note": {
        "editions/a.md": LITTLE["editions/a.md"].replace("Suite.", "Suite.[^1]\n\n[^1]: Note.")
    },
    "speaker": {
        "people.yaml": "paul:\n  name: Paul\n",
        "editions/a.md": LITTLE["editions/a.md"].replace(
            "Suite.", "::: {.quote speaker=paul}\n> Suite.\n:::"
        ),
    },
    "author": {
        "people.yaml": "x:\n  name: Xavier\n",
        "editions/a.md": LITTLE["editions/a.md"].replace(
            "creator: ''", "creator: {key: x, certainty: certain, ground: y}"
        ),
    },
    "date": {"editions/a.md": LITTLE["editions/a.md"].replace("date: ''", "date: '1917'")},
    "kind": {"editions/a.md": LITTLE["editions/a.md"].replace("kind: essay", "kind: letter")},
    "heading": {"editions/a.md": LITTLE["editions/a.md"].replace("Suite", "## Suite\n\nSuite")},
    "revision": {
        "editions/a.md": LITTLE["editions/a.md"].replace(
            "status:", "revisions: [{date: 2020-01-01, what: x}]\nstatus:"
        )
    },
    "address": {"site.yaml": "title: Essai\nbase_url: https://exemple.fr/\n"},
    "years": {"site.yaml": "title: Essai\ncovers: 1900/1920\n"},
    "work": {"bibliography.bib": "@book{x, title={Un livre}, date={1900}}\n"},
    "citation": {
        "bibliography.json": '[{"id": "x", "type": "book", "title": "Un livre"}]',
        "editions/a.md": LITTLE["editions/a.md"].replace("Suite.", "Suite [@x, p. 3]."),
    },
    "coordinates": {"places.yaml": "x:\n  name: Xanten\n  coordinates: 51.66, 6.45\n"},
    "text more": {"editions/c.md": LITTLE["editions/b.md"].replace("id: b", "id: c")},
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with _built(tmp_path_factory.mktemp("little"), LITTLE, exports=False) as archive:
        yield archive


@pytest.fixture
def little(small: Archive) -> Archive:
    """The archive with next to nothing, as it was built."""
    return _as_it_was(small)


@pytest.mark.parametrize("kind", FIRST)
def test_the_first_of_its_kind(kind: str, little: Archive) -> None:
    """What an archive did not have until then: an index, a filter, a name in every header."""
    _there_and_back(little, {**LITTLE, **FIRST[kind]}, little.asked)


PAIR = {
    "site.yaml": "title: Essai\n",
    "people.yaml": "martin: {name: Martin, sort: Martin, forms: [Martin]}\n",
    "places.yaml": "lens: {name: Lens, sort: Lens, forms: [Lens]}\n",
    "editions/a.md": """\
---
id: a
title: A
kind: essay
creator: ''
date: '1917'
status: proofread
---

À Lens, rien.[^1]

::: {.quote speaker="martin"}
> Tenez bon.
:::

[^1]: Une note.
""",
    "editions/b.md": """\
---
id: b
title: B
kind: essay
creator: ''
date: '1918'
status: proofread
---

Martin vint à Lens.[^1]

[^1]: Une note de Martin.
""",
    "editions/c.md": """\
---
id: c
title: C
kind: essay
creator: ''
date: '1919'
status: proofread
---

Martin partit.
""",
}


def test_who_is_named_moves_from_a_note_to_another(tmp_path: Path) -> None:
    """As often in all, and at the same places outside of notes: what to read next is another."""
    with _built(tmp_path, PAIR, exports=False) as archive:
        words = dict(PAIR)
        words["editions/a.md"] = PAIR["editions/a.md"].replace("Une note.", "Une note de Martin.")
        words["editions/b.md"] = PAIR["editions/b.md"].replace("Une note de Martin.", "Une note.")
        before = archive.site["textes/a/index.html"]
        _there_and_back(archive, words, archive.asked)
        archive.write(words)
        build(archive.asked)
        now = (archive.asked.output / "textes/a/index.html").read_bytes()
        assert (b"Martin vint" in before, b"Martin vint" in now) == (False, True)


def _there_and_back(archive: Archive, words: Mapping[str, str], asked: BuildRequest) -> None:
    """The site as it is then, and as it was: that of a first build, byte for byte."""
    archive.write(words)
    told = build(asked)
    whole, findings = made_whole(asked)
    there = files_of(asked.output)
    assert differences(whole, there) == []
    assert sorted(map(str, of_corpus(told.findings))) == findings
    assert told.changed == set(differences(archive.site, there))
    archive.write(archive.words)
    build(archive.asked)
    assert differences(archive.site, files_of(asked.output)) == []
    archive.as_it_was = True
