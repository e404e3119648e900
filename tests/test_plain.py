"""Plain text: no word is lost, everything is said, nothing needs explaining."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import given

from archive_site.corpus.apparatus import places
from archive_site.edition.format import loads
from archive_site.exports.plain import RULE, as_text
from archive_site.exports.publication import Publication
from archive_site.interface import AND, PICTURE
from archive_site.text import document as d
from archive_site.text.numerals import marker_of
from archive_site.text.reading import reading_text, walk
from archive_site.text.typesetter import citation_in_words
from archive_site.text.typography import JOINER, NBSP, THIN
from examples import examples
from published import published
from strategies import documents

SAMPLE = """\
---
id: essai-1
title:
  value: Le discours
  certainty: certain
  ground: titre usuel
kind: speech
creator:
  key: a
  role: speaker
  certainty: probable
  ground: le ton
date: 1905-05-03
place: Paris
summary: "Un discours: le seul."
remarks: ["La fin manque: le papier est déchiré."]
revisions:
- {date: '2026-11-21', what: relue}
---

# LE DISCOURS[^1]

::: stage
(Applaudissements.)
:::

Citoyens, qui l'ignore ?
*Nous* disons: «Il faut [vaincre]{.corr sic="vaincrre" why="lettre double"}.»
Le mot est un peu long, il passe la []{.pb n="[2]"}page, et la pa[]{.pb}ge
[la [moitié]{.name key="b"}]{.doubt why="ou le tiers"}.

:::: {.quote speaker="lenine b"}
> Une - deux -- lignes\\
> ici[^2] !

> Et la suite.
::::

:::: box
## À lire

- Rien; [voir](https://exemple.fr/a) ou <https://exemple.fr/b>.
- [Ici](#le-discours).
::::

Fin. []{.gap why="la suite manque"}

[^1]: Première note.

    Son second paragraphe: court.

[^2]: Note du traducteur. [N.d.T.]
"""
EXPECTED = f"""\
[Le discours]
Discours (ébauche à relire)

Un discours{NBSP}: le seul.

Orateur{NBSP}: Camarade a (attribution probable)
Date{NBSP}: 3{NBSP}mai 1905
Lieu{NBSP}: Paris
Archive{NBSP}: Petite archive
Version{NBSP}: 0123abc, révisée le 21{NBSP}novembre 2026
Titre restitué{NBSP}– titre usuel
Attribution probable{NBSP}– le ton

[1]{NBSP}: appel de note{THIN}; les notes sont à la fin.
[p.{NBSP}12]{NBSP}: ici commence cette page de l’original{THIN}; [p.{NBSP}[12]], là où la page ne \
porte pas de numéro et où l’éditeur l’a compté.
[… et une raison]{NBSP}: mots qui manquent dans la source.
[?1]{NBSP}: mots que l’éditeur n’a pu établir{THIN}; ses raisons sont à la fin.
_mots_{NBSP}: en italique{THIN}; *mots*{NBSP}: en gras.
Le texte se lit corrigé{THIN}; chaque correction est dite à la fin.

* * *


LE DISCOURS[1]
==============

(Applaudissements.)

Citoyens, qui l’ignore{THIN}? _Nous_ disons{NBSP}: «{THIN}Il faut vaincre.{THIN}» Le mot est un \
peu long, il passe la [p.{NBSP}[2]] page, et la pa[nouvelle page]ge la moitié[?1].

    [Camarade lenine et Camarade b]
    Une{NBSP}– deux -- lignes
    ici[2]{THIN}!

    Et la suite.

[encadré]


À lire
------

– Rien{THIN}; voir <https://exemple.fr/a> ou https://exemple.fr/b.

– Ici.

[fin de l’encadré]

Fin. [… la suite manque]

* * *


Notes
-----

[1] (note de l’auteur) Première note.
    Son second paragraphe{NBSP}: court.

[2] (note du traducteur) Note du traducteur. [N.d.T.]


Remarques
---------

La fin manque{NBSP}: le papier est déchiré.


Passages douteux
----------------

[?1] ou le tiers


Corrections{NBSP}: alinéa (§), source → cette édition
------------------------------------------------

§{NBSP}1{NBSP}: «{THIN}vaincrre{THIN}» → «{THIN}vaincre{THIN}» (lettre double)
"""


def text_of(publication: Publication) -> str:
    return as_text(publication).decode("utf-8")


def body_of(text: str) -> str:
    return text.split(f"\n\n{RULE}\n\n")[1]


def test_a_text_reads_as_in_an_editor() -> None:
    assert text_of(published(loads(SAMPLE))) == EXPECTED


@pytest.mark.parametrize(
    ("item", "written"),
    [
        ("- a\\\n  b", "– a\n  b"),
        ("- # Titre", "– Titre\n  ====="),
        ("1. | a | b |\n   |---|---|\n   | c | d |", "1.     a | b\n       --+--\n       c | d"),
        ("- > a", "–     a"),
    ],
)
def test_an_item_is_written_beside_its_sign(item: str, written: str) -> None:
    assert (
        body_of(text_of(published(loads(SAMPLE[: SAMPLE.index("---\n\n") + 5] + item)))) == written
    )


def test_a_text_of_which_little_is_known_says_little() -> None:
    bare = d.Document(d.Meta("a", d.Claim("A", "stated"), "essay"), (d.Block("paragraph", ()),))
    text = text_of(published(replace(bare, blocks=(d.Block("paragraph", (d.Text("Mot."),)),))))
    assert text == (
        f"A\nEssai (ébauche à relire)\n\nAuteur{NBSP}: inconnu\nDate{NBSP}: date inconnue\n"
        f"Archive{NBSP}: Petite archive\nVersion{NBSP}: 0123abc\n\n* * *\n\nMot.\n"
    )


# ---------------------------------------------------------------- no word is lost

_SIGNS = re.compile(r"\[(?:\d+|\?\d+|p\.\u00a0(?:\d+|\[\d+\])|nouvelle page|… [^\]]*)\]")
_WORD = re.compile(r"[^\W_]+")  # a line under words is a sign, in an address it parts words
_SPEAKERS = re.compile(r"(?m)^    \[[^\]]*\]$|^\[(?:fin de l’)?encadré\]$")


@pytest.mark.parametrize("words", ["body", "notes"])
def test_every_word_of_the_real_texts_stands_once_in_order(
    publications: Mapping[str, Publication], words: str
) -> None:
    for text_id, publication in publications.items():
        parts = text_of(publication).split(f"\n\n{RULE}\n\n")
        if words == "body":
            text, blocks = parts[1], publication.document.blocks
        else:
            text = re.split(r"\n\n\n(?!Notes)", parts[2] if len(parts) > 2 else "")[0]
            text = re.sub(r"\A\nNotes[^\n]*\n-+$", "", text, flags=re.MULTILINE)
            text = re.sub(r"\(note d[^)]*\)", "", text)
            blocks = tuple(b for note in publication.document.notes for b in note.blocks)
        if not blocks:
            continue
        found = _WORD.findall(_SIGNS.sub("", _SPEAKERS.sub("", text)))
        expected = [w for b in blocks for w in _WORD.findall(reading_text(b.content))]
        assert found == expected, text_id


def signed(content: d.Inlines, doubts: Iterator[int]) -> str:
    """The letters and figures of `content` and of its signs."""
    text = ""
    for inline in content:
        match inline:
            case d.Text(words) | d.Superscript(words) | d.Emendation(words) | d.NoteCall(words):
                text += words
            case d.PageBreak(number):
                text += f"p{number}" if number else "nouvelle page"
            case d.Gap(why):
                text += why
            case d.Citation():
                text += citation_in_words(inline, {})
            case d.Doubt(inner):
                text += f"{signed(inner, doubts)}{next(doubts)}"
            case d.Link(inner, target):
                text += signed(inner, doubts) + (target if ":" in target else "")
            case _ if isinstance(inline, d.NESTING):
                text += signed(inline.content, doubts)
    return text


def without_marks(text: str) -> str:
    """Return the text without the marks of boxes, which words of the text may equal."""
    return re.sub(r"\[(?:fin de l’)?encadré\]", "", text)


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@examples(40)
@given(documents())
def test_every_word_of_any_document_stands_once_in_order(document: d.Document) -> None:
    publication = published(document)
    numbers = iter(range(1, 1000))
    body = body_of(text_of(publication))
    expected = ""
    for block in document.blocks:
        for container in block.within[block.shared :]:
            if container.kind == "quotation":
                expected += AND.join(publication.entries[key].name for key in container.speakers)
            elif container.kind == "list-item":
                expected += marker_of(container)
        if block.picture:
            expected += PICTURE.format(file=block.picture.path, shows=block.picture.alt)
        expected += signed(block.content, numbers)
    assert letters(without_marks(body)) == letters(without_marks(expected))

    inlines = [inline for place in places(document) for inline in walk(place.block.content)]
    ends = text_of(publication).split(f"\n\n{RULE}\n\n", 2)[-1] + "\n"
    for note in document.notes:
        assert f"\n[{note.label}] " in ends
    for emendation in (inline for inline in inlines if isinstance(inline, d.Emendation)):
        assert f"{THIN}{emendation.witness}{THIN}» → " in ends
    doubts = sum(isinstance(inline, d.Doubt) for inline in inlines)
    assert len(re.findall(r"(?m)^\[\?\d+\] ", ends)) == doubts


# ---------------------------------------------------------------- how it is set, what it says


def test_it_is_plain_text_set_in_french(publications: Mapping[str, Publication]) -> None:
    for publication in publications.values():
        text = text_of(publication)
        assert text.endswith("\n") and not text.endswith("\n\n")
        assert (
            JOINER not in text
            and "\r" not in text
            and "  " not in body_of(text).strip().replace("\n    ", "\n")
        )
        assert not re.search(r"[ \t]$", text, re.MULTILINE)
        assert f"«{THIN}" in text and f"{THIN};" in text and f"{NBSP}:" in text
        assert not re.search(r"\w'\w", body_of(text))
        assert text_of(publication) == text  # a second time


def test_what_is_only_proposed_is_not_said_to_be(publications: Mapping[str, Publication]) -> None:
    proposed = text_of(publications["parti-communiste-1917-1921"])
    assert proposed.startswith("[Le Parti communiste russe de 1917 à 1921]\nArticle\n")
    assert f"Auteur non nommé (attribution proposée{NBSP}: Grigori Zinoviev)" in proposed
    assert "date probable" in proposed
    unknown = text_of(publications["que-faire-parti-bolchevik-1917-1924"])
    assert f"\nAuteur{NBSP}: inconnu\n" in unknown and "(date restituée)" in unknown


def test_it_says_how_it_is_cited_and_where_it_is(
    publications: Mapping[str, Publication],
) -> None:
    publication = next(iter(publications.values()))
    assert "Adresse" not in text_of(replace(publication, address="", reference=""))
    there = replace(publication, address="https://exemple.fr/a/", reference="A. B, C.")
    assert f"\nRéférence{NBSP}: A. B, C.\nAdresse{NBSP}: https://exemple.fr/a/\n" in text_of(there)
