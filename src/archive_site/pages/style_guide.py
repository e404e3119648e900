"""The style guide: a specimen edition that holds one of everything, set like any text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive_site.corpus.read import Edition
from archive_site.corpus.summary import text_summary
from archive_site.edition.authority import Entry
from archive_site.edition.format import loads
from archive_site.templating.jinja import Context
from archive_site.views.blocks import Reading, reading
from archive_site.views.texts import TextView, text_view

SAMPLE = """\
---
id: specimen
title: {value: Un spécimen, certainty: certain, ground: donné par l’éditeur pour cette page}
kind: essay
creator: {key: voix, certainty: probable, ground: c’est elle qui parle}
date: {value: 1926-02~, certainty: probable, ground: le ton}
place: Paris
summary: Tout ce qu’une page de lecture peut avoir à montrer.
status: proofread
---

## 1. Une ouverture de chapitre

::: dateline
Paris, février 1926
:::

Le premier alinéa d’un chapitre ne rentre pas ; les suivants, si. Une note s’appelle ainsi[^1] et se
lit en regard, sous sa ligne ou à la fin. Le XI^e^ congrès et le XVIII^e^ siècle prennent de petites
capitales, 1917-1921 ne se coupe pas, et les 76 597 membres du P.C.(b)R. restent ensemble.

Un mot [corrigé]{.corr sic="corigé" why="lettre perdue"} est souligné de points : il montre au
survol ce que porte la source. Des [mots mal assurés]{.doubt why="« bien assurés » ?"} le sont d’une
vague. []{.pb n="14"}Une page de l’original commence ici, et []{.gap why="une ligne manque"} dit ce
qui manque.

Quand une voix est citée, elle prend la marge, et son nom la suit :

::: {.quote speaker=voix}
> « Une citation qui tient en plusieurs phrases se détache du texte. Elle est un peu plus petite, un
> peu plus serrée, et rend “les guillemets” de second rang[^2]. »
:::

puis l’alinéa reprend sans rentrer. Une didascalie tient dans la phrase [(Rires.)]{.stage} ou seule.

::: stage
(Vifs applaudissements.)
:::

### Une section

Les listes gardent leurs tirets :

- la paix ;
- le pain ;
- la terre.

:::: box
### Un encadré

Ce qui se tient à côté du texte, comme une liste de livres, est dans un encadré.
::::

[^1]: La note de l’auteur, telle qu’il l’a écrite.

[^2]: La note de l’éditeur dit qu’elle est de lui. [N.E.]
"""
COLOURS = ("paper", "tint", "ink", "soft", "mark", "rule", "red")
SIZES = ("s6", "s5", "s4", "s3", "s2", "s1")


@dataclass(frozen=True, slots=True)
class StyleGuide(Context):
    """What the style guide shows: a text, and the names of colours and sizes in the stylesheet."""

    text: TextView
    reading: Reading
    colours: tuple[str, ...]
    sizes: tuple[str, ...]


def style_guide(path: str) -> StyleGuide:
    """What the style guide at `path` shows."""
    voice = Entry("person", "voix", "La voix du spécimen", "voix")
    edition = Edition(loads(SAMPLE), "specimen", None, None)
    entries = {"voix": voice}
    text = text_view(text_summary(entries, edition), path)
    return StyleGuide(
        text=replace(text, href="#titre"),
        reading=reading(entries, edition, path, corrections=""),
        colours=COLOURS,
        sizes=SIZES,
    )
