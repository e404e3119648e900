"""Composes documents: what a writer of each genre would have put, in which order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from archive_site.text.numerals import numeral
from layouts.content import (
    CONTINUED,
    LAST,
    PLACES,
    Writer,
    parts,
    pool,
)  # fmt: skip
from layouts.model import TAG, Block, Document, Note, bare

ORDINALS = (
    "PREMIER", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X",
)  # fmt: skip
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass
class Habits:
    """What an author and his publisher do in the same way through the whole text."""

    numbering: str
    quote_marks: str
    list_mark: str
    speaker: str
    article: str
    """How a law numbers its articles."""
    run_in: bool
    """Whether headings of the third level begin their paragraph."""
    counted: bool
    """Whether paragraphs are numbered."""


def habits_of(rng: Random) -> Habits:
    """Habits by chance."""
    return Habits(
        numbering=rng.choice(
            (
                *("", "", "", "I. — ", "I. ", "1. ", "§ 1. ", "CHAPITRE ", "Chapitre 1\n", "I\n"),
                *("A. ", "A. — ", "§ 1. — ", "1 — ", "1) "),
            )
        ),
        quote_marks=rng.choice(("«", "«", '"', "“", "")),
        list_mark=rng.choice(
            ("—", "–", "1°", "a)", "•", "1)", "1.", "I.", "i.", "i)", "(a)", "A."),
        ),
        speaker=rng.choice((". — ", ". — ", " : ", ". ", " — ")),
        article=rng.choice(
            (
                "Art. 1.",
                "Art. 1. —",
                "Article 1.",
                "ARTICLE 1\n",
                "1.",
                "Art. 1er. —",
                "ARTICLE I\n",
            )
        ),
        run_in=rng.random() < 0.3,
        counted=rng.random() < 0.12,
    )


class Composer:
    """Puts blocks one after the other."""

    def __init__(self, rng: Random, genre: str) -> None:
        self.rng = rng
        self.write = Writer(rng)
        self.habits = habits_of(rng)
        self.document = Document(genre, self.write.heading(), self.write.name())
        self.chapter = 0
        self.count = 0

    def add(self, kind: str, text: str, **more: object) -> Block:
        """One more block."""
        block = Block(kind, text.strip(), **more)  # type: ignore[arg-type]
        self.document.blocks.append(block)
        return block

    def some(self, least: int, most: int) -> range:
        """A number of turns."""
        return range(self.rng.randint(least, most))

    def often(self, chance: float) -> bool:
        """Whether something happens."""
        return self.rng.random() < chance

    def heading(self, text: str, level: int, numbered: bool = True, **more: object) -> Block:
        """A heading, with its number where chapters have one."""
        form = self.habits.numbering if numbered and level == 2 else ""
        if form:
            self.chapter += 1
            text = numbered_heading(form, self.chapter) + text
        return self.add("heading", text, level=level, **more)

    def paragraphs(self, least: int, most: int, longest: int = 170) -> None:
        """Paragraphs, a short one now and then."""
        for _ in self.some(least, most):
            if self.often(0.12):
                self.add("paragraph", self.write.sentence())
            else:
                self.add("paragraph", self.write.paragraph(longest))
            if self.habits.counted and self.document.genre in ("essay", "report", "brochure"):
                self.count += 1
                self.document.blocks[-1].label = f"{self.count}."

    def third(self) -> None:
        """A heading of the third level, on a line of its own or run in."""
        if self.habits.run_in:
            title = self.write.heading()
            end = self.rng.choice((".", ". —", "."))
            self.add("paragraph", self.write.paragraph(120), label=title + end, look="run-in")
        else:
            self.heading(self.write.heading(), 3)

    def quote(self) -> None:
        """A paragraph that announces a quotation, the quotation, what follows it."""
        opened, closed = {
            "«": ("« ", " »"), '"': ('"', '"'), "“": ("“", "”"), "": ("", ""),
        }[self.habits.quote_marks]  # fmt: skip
        write = self.write
        opening = write.fill(
            self.rng.choice(
                (
                    "On lit dans <i>{review}</i> du {day} {month} :",
                    "{last} écrivait à ce propos :",
                    "Le préfet rapporte le lendemain :",
                    "Voici le passage :",
                    "Il poursuit en ces termes, à la page {n} :",
                )
            )
        )
        self.add("paragraph", f"{write.made_up(14)} {opening}")
        source = ""
        if self.often(0.2):
            source = write.fill(" (<i>{review}</i>, {day} {month} {year}.)")
        texts = [write.quotation() for _ in range(self.rng.choice((1, 1, 1, 2)))]
        for at, text in enumerate(texts):
            end, tail = (closed, source) if at == len(texts) - 1 else ("", "")
            self.add("quote", f"{opened}{text}{end}{tail}")
        if self.often(0.35):
            text = write.fill(self.rng.choice(CONTINUED))
            self.add("paragraph", text, look="continued")

    def verse_quote(self) -> None:
        """Verse in prose."""
        _, author, stanzas = self.write.poem()
        self.add("paragraph", f"{self.write.made_up(16)} On chantait alors, d’après {author} :")
        self.add("verse", "\n".join(self.rng.choice(stanzas)[:6]), look="quoted")

    def dialogue(self) -> None:
        """Lines of a dialogue."""
        lines = pool("dialogue")
        at = self.rng.randrange(len(lines) - 8)
        for line in lines[at : at + self.rng.randint(4, 8)]:
            self.add("paragraph", line)

    def items(self) -> None:
        """A list, announced."""
        write = self.write
        self.add("paragraph", f"{write.made_up(18)} Il faut distinguer plusieurs points :")
        count = self.rng.randint(3, 5)
        for at in range(count):
            text = write.sentence().rstrip(".") if self.often(0.6) else write.made_up(25)[:-1]
            end = "." if at == count - 1 else " ;"
            self.add("list-item", text + end, label=list_mark(self.habits.list_mark, at))

    def table(self) -> None:
        """A table."""
        rng = self.rng
        years = sorted(rng.sample(range(1830, 1939), 3))
        rows = [["Département", *map(str, years)]]
        for place in rng.sample(PLACES, rng.randint(3, 6)):
            rows.append([place, *(f"{rng.randint(1, 99)} {rng.randint(100, 999)}" for _ in years)])
        self.add("table", "\n".join(" | ".join(row) for row in rows))

    def epigraph(self) -> None:
        """An epigraph with its author."""
        if self.often(0.3):
            _, author, stanzas = self.write.poem()
            self.add("epigraph", "\n".join(stanzas[0][:4]))
        else:
            author = self.rng.choice(LAST)
            self.add("epigraph", self.rng.choice(pool("maxims")))
        self.add("epigraph", f"{author}.", look="attribution")

    def title_page(self) -> None:
        """A title page that counts neither way."""
        write, document = self.write, self.document
        if self.often(0.3):
            self.add("title-page", f"{write.fill('{press}')}\n{document.title}", free=True)
        rows = [document.author, document.title]
        if self.often(0.4):
            rows.append(
                self.rng.choice(("Récit", "Étude historique", "Deuxième édition", "Tome I"))
            )
        if self.often(0.6):
            rows.append(write.fill("{place}\n{press}, éditeur\n{n}, rue du Temple"))
        rows.append(str(self.rng.randint(1840, 1975)))
        self.add("title-page", "\n".join(rows), free=True)

    def contents(self, titles: list[str]) -> None:
        """A table of contents, with pages."""
        page, rows = 5, [self.rng.choice(("Table des matières", "TABLE", "Sommaire"))]
        for title in titles:
            rows.append(f"{title.replace(chr(10), ' ')} {page}")
            page += self.rng.randint(1, 19)
        self.add("toc", "\n".join(rows))

    def colophon(self) -> None:
        """A colophon."""
        self.add(
            "colophon",
            self.write.fill(
                "Achevé d’imprimer le {day} {month} {year} sur les presses de l’imprimerie {last}, "
                "à {place}. Dépôt légal : n° {m}."
            ),
            free=True,
        )

    def asterism(self) -> None:
        """A break of three stars."""
        self.add("ornament", self.rng.choice(("***", "* * *", "⁂", "—", "* *")))

    def opening(self, standfirst: float = 0.3) -> None:
        """The title over a text, on several lines or not; above it there may be a title page."""
        if self.often(0.15):
            self.title_page()
        title = self.document.title
        words = title.split()
        if self.often(0.2) and len(words) > 4:
            title = " ".join(words[: len(words) // 2]) + "\n" + " ".join(words[len(words) // 2 :])
        self.heading(title, 1, numbered=False)
        if self.often(standfirst):
            text = self.write.fill(
                self.rng.choice(
                    (
                        "Conférence faite à {place} le {day} {month} {year}",
                        "Comment, de {year} à nos jours, {t} devint l’affaire de tous.",
                        "par {F} {last}, délégué de {place}",
                    )
                )
            )
            self.add("standfirst", text)


def numbered_heading(form: str, number: int) -> str:
    """What stands before the title of a chapter."""
    if form.startswith("CHAPITRE"):
        return f"CHAPITRE {ORDINALS[number - 1]}\n"
    if form.startswith("A"):
        return form.replace("A", chr(64 + number))
    sign = str(number) if "1" in form else ROMAN[number - 1]
    return re.sub(r"(?<![A-Za-z])(?:1|I)(?![A-Za-z])", sign, form)


def list_mark(form: str, at: int) -> str:
    """The mark of an item of a list."""
    if form[0] in "AIi":
        return numeral(form, at + 1)
    return form.replace("1", str(at + 1)).replace("a", chr(97 + at))


def essay(c: Composer) -> None:
    """A text in a few parts."""
    c.opening()
    if c.often(0.3):
        c.epigraph()
    c.paragraphs(2, 4)
    for _ in c.some(2, 5):
        c.heading(c.write.heading(), 2)
        c.paragraphs(2, 4)
        for _ in c.some(1, 3):
            extra = c.rng.choice((c.quote, c.quote, c.items, c.verse_quote, c.asterism, c.dialogue))
            extra()
            if extra == c.asterism:
                c.paragraphs(1, 2)
        c.paragraphs(1, 3)
    if c.often(0.5):
        c.add("signature", c.document.author + ".")


def book(c: Composer) -> None:
    """A book of chapters, with title page and contents."""
    if c.often(0.6):
        c.title_page()
    titles = [c.write.heading() for _ in c.some(3, 5)]
    at_end = c.often(0.5)
    if c.often(0.6) and not at_end:
        c.contents(titles)
    for title in titles:
        c.heading(title, 2, look="chapter")
        if c.often(0.4):
            c.epigraph()
        c.paragraphs(3, 5)
        for _ in c.some(0, 2):
            if c.often(0.4):
                c.third()
            else:
                c.rng.choice((c.quote, c.quote, c.dialogue, c.verse_quote, c.asterism))()
            c.paragraphs(2, 3)
    if at_end:
        c.contents(titles)
    if c.often(0.4):
        c.colophon()


def memoir(c: Composer) -> None:
    """Memories, with dialogue, dates in the margin or not."""
    c.opening(0.2)
    dated = c.often(0.5)
    for _ in c.some(2, 4):
        c.heading(c.write.heading(), 2)
        for _ in c.some(3, 6):
            block = c.add("paragraph", c.write.paragraph(120))
            if dated and c.often(0.5) and len(block.text.split()) > 30:
                block.side = (
                    c.write.fill("{day} {month}") if c.often(0.6) else c.write.fill("{year}")
                )
        if c.often(0.7):
            c.rng.choice((c.dialogue, c.dialogue, c.quote))()
        c.paragraphs(1, 2)
        if c.often(0.3):
            c.asterism()
            c.paragraphs(1, 2)


def brochure(c: Composer) -> None:
    """A pamphlet with numbered parts, lists, slogans."""
    c.opening(0.6)
    if c.often(0.4):
        c.epigraph()
    for _ in c.some(3, 5):
        c.heading(c.write.heading(), 2)
        c.paragraphs(1, 3, 130)
        if c.often(0.6):
            c.items()
        if c.often(0.4):
            c.third()
        c.paragraphs(2, 3, 130)
        if c.often(0.5):
            c.quote()
    c.add("signature", c.rng.choice(("Le Comité.", "Le Bureau fédéral.", c.document.author)))


def minutes(c: Composer) -> None:
    """Minutes of a session: speakers, interruptions, votes."""
    rng, write = c.rng, c.write
    c.document.title = write.fill(rng.choice(("CHAMBRE DES DÉPUTÉS", "Congrès de {place}")))
    c.heading(c.document.title, 1, numbered=False)
    c.add("dateline", write.fill("Séance du {day} {month} {year}"))
    chair = rng.choice(("M. LE PRÉSIDENT", "LE PRÉSIDENT", "Le citoyen président"))
    c.add("stage", "La séance est ouverte à deux heures et quart.")
    names = rng.sample(LAST, 5)
    form = rng.choice(("M. {}", "{}", "LE CITOYEN {}", "M. {} (Rhône)"))
    if rng.random() < 0.7:
        names = [name.upper() for name in names]
    speakers = [form.format(name) for name in names]
    lines = list(pool("session"))
    rng.shuffle(lines)
    for part in c.some(2, 3):
        if part:
            c.heading(write.heading(), 2)
        _speech(c, chair, write.fill("L’ordre du jour appelle la discussion sur {t}."))
        for _ in c.some(6, 11):
            who = rng.choice(speakers)
            _speech(c, who, lines.pop() if lines else write.made_up(30))
            for _ in range(rng.choice((0, 0, 0, 1, 3))):
                c.add("paragraph", write.paragraph(110), speaker=who)
            if c.often(0.25):
                c.add(
                    "stage",
                    rng.choice(
                        (
                            "(Très bien ! très bien ! à gauche.)",
                            "(Bruit prolongé.)",
                            "(Applaudissements sur un grand nombre de bancs.)",
                            "(L’amendement, mis aux voix, n’est pas adopté.)",
                        )
                    ),
                )
            if c.often(0.2):
                _speech(c, "Une voix à gauche", rng.choice(("Allons donc !", "C’est faux !")))
            if c.often(0.3):
                _speech(c, chair, rng.choice(("Veuillez conclure.", "La parole est continuée.")))
    c.add("stage", "La séance est levée à six heures.")


def _speech(c: Composer, who: str, text: str) -> None:
    if c.often(0.15):
        text = f"{text} <i>(Mouvements divers.)</i> {c.write.made_up(12)}"
    c.add("speech", text, speaker=who, label=who + c.habits.speaker.rstrip(" "), look="run-in")


def play(c: Composer) -> None:
    """Scenes of plays."""
    rng = c.rng
    scenes = list(parts("plays"))
    rng.shuffle(scenes)
    c.document.title = scenes[0][0].split(" | ")[0]
    c.heading(c.document.title, 1, numbered=False)
    own_line = rng.random() < 0.5
    act = rng.choice(("ACTE PREMIER", "Acte I", "ACTE II"))
    c.heading(act, 2, numbered=False)
    for number, (_, lines) in enumerate(scenes[: rng.randint(3, 5)]):
        c.heading(f"{rng.choice(('SCÈNE', 'Scène'))} {ROMAN[number]}", 3)
        for line in lines:
            if line.startswith("! "):
                text = line[2:]
                c.add("stage", text if rng.random() < 0.7 else f"({text})")
            elif ": " in line:
                who, said = line.split(": ", 1)
                aside = rng.random() < 0.12 and c.habits.speaker != " : "
                doing = rng.choice((", entrant", ", à part", " (se levant)", ", bas")) * aside
                label = who + doing + ("" if own_line else c.habits.speaker.rstrip(" "))
                said = said.replace("/", "\n") if "<" not in said else said
                said = re.sub(r"\(([^)]+)\)", r"(<i>\1</i>)", said)
                look = "own-line" if own_line else "run-in"
                c.add("speech", said, speaker=who, label=label, look=look)


def poems(c: Composer) -> None:
    """A collection of poems."""
    rng = c.rng
    c.document.title = rng.choice(("Poèmes choisis", "Florilège", "Chants et fables"))
    c.heading(c.document.title, 1, numbered=False)
    if c.often(0.4):
        c.paragraphs(1, 2)
    for _ in c.some(4, 8):
        title, author, stanzas = c.write.poem()
        c.heading(title, 2)
        if c.often(0.3):
            c.epigraph() if c.often(0.3) else c.add("dateline", c.write.date())
        for stanza in stanzas:
            c.add("verse", "\n".join(stanza), look="poem")
        if c.often(0.6):
            c.add("signature", author)


def letters(c: Composer) -> None:
    """A collection of letters."""
    rng, write = c.rng, c.write
    c.document.title = rng.choice(("Correspondance", "Lettres d’exil", "Lettres à quelques amis"))
    c.heading(c.document.title, 1, numbered=False)
    own: list[str] = []
    for number in c.some(4, 7):
        if len(own) < 5:
            own = c.rng.sample(pool("letters"), len(pool("letters")))
        who = write.name()
        c.heading(rng.choice((f"À {who}", f"{number + 1}. — À {who}", f"À M. {who}")), 2, False)
        at_foot = c.often(0.3)
        date = write.fill(
            rng.choice(("{place}, ce {day} {month} {year}", "{place}, {day} {month}."))
        )
        if not at_foot:
            c.add("dateline", date)
        c.add("salutation", rng.choice(("Mon cher ami,", "Monsieur,", "Chère sœur,", "Citoyen,")))
        for _ in c.some(2, 4):
            c.add("paragraph", own.pop() if c.often(0.7) else write.paragraph(110))
        if c.often(0.3):
            c.rng.choice((c.verse_quote, c.quote))()
            c.paragraphs(1, 1)
        if c.often(0.5):
            c.add(
                "paragraph",
                "Veuillez agréer, avec mes respects, l’assurance de mes sentiments dévoués.",
            )
        c.add("signature", rng.choice((c.document.author + ".", c.document.author.split()[0])))
        if at_foot:
            c.add("dateline", date)
        if c.often(0.35):
            c.add("paragraph", f"P.-S. — {own.pop()}")


def law(c: Composer) -> None:
    """A law or a constitution, in articles."""
    title, articles = c.rng.choice(parts("laws"))
    c.document.title = title
    c.heading(title, 1, numbered=False)
    if c.often(0.5):
        c.add("dateline", c.write.fill("Du {day} {month} {year}"))
    if c.often(0.6):
        c.add("paragraph", "L’Assemblée nationale a adopté la loi dont la teneur suit :")
    others = [article for _, body in parts("laws") for article in body if article not in articles]
    c.rng.shuffle(others)
    every = list(articles) + others[:14]
    for at, article in enumerate(every):
        if at % 6 == 0 and len(every) > 8:
            c.heading(f"TITRE {ROMAN[at // 6]}\n{c.write.heading()}", 2, False)
        _article(c, at + 1, article)
        if c.often(0.2):
            c.add("paragraph", c.write.made_up(20))
    if c.often(0.6):
        c.add("paragraph", "La présente loi sera exécutée comme loi de l’État.")
        c.add("dateline", c.write.fill("Fait à {place}, le {day} {month} {year}."))
        c.add("signature", c.document.author.upper())


def _article(c: Composer, number: int, text: str) -> None:
    form = c.habits.article
    label = form.replace("1er", "1") if number > 1 else form
    label = label.replace("1", str(number)) if "1" in label else label
    if form == "ARTICLE I\n":
        label = f"ARTICLE {ROMAN[number - 1] if number <= 12 else number}\n"
    first, *items = text.split(" | ")
    if label.endswith("\n"):
        c.add("heading", label.strip(), level=3)
        c.add("paragraph", first)
    else:
        c.add("paragraph", first, label=label, look="article")
    mark = c.habits.list_mark if c.habits.list_mark in ("1°", "a)", "—") else "1°"
    for at, item in enumerate(items):
        c.add("list-item", item, label=list_mark(mark, at))


def newspaper(c: Composer) -> None:
    """A front page."""
    rng, write = c.rng, c.write
    c.document.title = rng.choice(("L’ÉVEIL DU NORD", "LE CITOYEN", "LA TRIBUNE DU PEUPLE"))
    c.add("heading", c.document.title, level=1, free=True, look="banner")
    c.add(
        "title-page",
        write.fill("{n}e année. — N° {m} — {place}, {day} {month} {year} — Prix : 5 centimes"),
        free=True,
        look="banner",
    )
    items = list(pool("news"))
    rng.shuffle(items)
    for _ in c.some(10, 17):
        c.heading(write.heading(), 2, numbered=False)
        if c.often(0.5):
            c.add(
                "dateline", write.fill(rng.choice(("{place}, {day} {month}.", "{place}, {day}. —")))
            )
        for _ in c.some(1, 4):
            text = items.pop() if items and c.often(0.6) else write.paragraph(90)
            c.add("paragraph", text)
        if c.often(0.15):
            c.dialogue()
        if c.often(0.5):
            c.add("signature", rng.choice((write.name().upper(), "X.", "Havas.", "Un lecteur.")))
    if c.often(0.5):
        c.heading("Tribune libre", 2, numbered=False)
        c.add("salutation", "Monsieur le rédacteur,")
        for _ in c.some(1, 2):
            c.add("paragraph", write.paragraph(90))
        c.add("signature", write.name())


def review(c: Composer) -> None:
    """An article of a learned review: many notes, quotations, a table."""
    c.opening(0.5)
    c.paragraphs(2, 3)
    for _ in c.some(3, 4):
        c.heading(c.write.heading(), 2)
        c.paragraphs(1, 3)
        if c.often(0.4):
            c.third()
            c.paragraphs(1, 2)
        c.quote()
        c.paragraphs(1, 2)
        if c.often(0.35):
            c.table()
            c.paragraphs(1, 2)
        if c.often(0.3):
            c.items()
    if c.often(0.4):
        c.add("signature", c.document.author)


def magazine(c: Composer) -> None:
    """An article of a magazine, with call-outs."""
    c.opening(1.0)
    if c.often(0.5):
        c.add("signature", f"Par {c.document.author}", look="byline")
    c.paragraphs(2, 3, 110)
    for _ in c.some(3, 5):
        c.heading(c.write.heading(), 2, numbered=False)
        c.paragraphs(3, 4, 110)
        if c.often(0.3):
            c.quote()
    eligible = [
        block for block in c.document.blocks
        if block.kind == "paragraph" and len(block.text.split()) > 40
    ]  # fmt: skip
    for block in c.rng.sample(eligible, min(len(eligible), c.rng.randint(2, 4))):
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-ZÀÉ])", TAG.sub("", block.text))
        fit = [text for text in sentences if 8 < len(text.split()) < 26]
        if fit:
            block.aside = c.rng.choice(fit)


def report(c: Composer) -> None:
    """A report: numbered headings of two levels, lists, tables."""
    c.opening(0.4)
    decimal = c.often(0.7)
    form, under = c.rng.choice(
        (
            ("{n}. ", "{n}.{m}. "), ("{n} ", "{n}.{m} "), ("{r}. — ", "{r}.{m} "),
            ("{r}. ", "{m}. "), ("{n}) ", "{n}.{m}) "), ("{r}. ", "§ {m}. — "),
        )
    )  # fmt: skip
    for part in c.some(3, 4):
        number = form.format(n=part + 1, r=ROMAN[part]) if decimal else ""
        c.heading(number + c.write.heading(), 2, numbered=not decimal)
        c.paragraphs(1, 2)
        for sub in c.some(1, 3):
            shown = under.format(n=part + 1, r=ROMAN[part], m=sub + 1)
            number = shown if decimal else ""
            c.heading(number + c.write.heading(), 3)
            c.paragraphs(1, 2)
            c.rng.choice((c.items, c.table, c.quote, lambda: None))()
    c.paragraphs(1, 1)
    if c.often(0.5):
        c.add("dateline", c.write.fill("{place}, le {day} {month} {year}"))
        c.add("signature", c.document.author)


def manifesto(c: Composer) -> None:
    """A manifesto that repeats its slogan."""
    rng = c.rng
    c.document.title = rng.choice(("AU PEUPLE", "Manifeste", "APPEL AUX TRAVAILLEURS", "À TOUS"))
    c.heading(c.document.title, 1, numbered=False)
    slogan = rng.choice(("Vive la Commune !", "Pain, paix, liberté !", "À bas la guerre !"))
    c.add("salutation", rng.choice(("Citoyens,", "Camarades !", "Travailleurs,")))
    texts = list(pool("manifesto"))
    rng.shuffle(texts)
    for part in c.some(3, 4):
        if part and c.often(0.5):
            c.heading(c.write.heading(), 2)
        for _ in c.some(2, 3):
            c.add("paragraph", texts.pop() if texts else c.write.paragraph(110))
        c.paragraphs(1, 2, 120)
        if c.often(0.4):
            c.items()
        c.add("paragraph", slogan, look="slogan")
    c.add("dateline", c.write.fill("{place}, le {day} {month} {year}."))
    c.add("signature", "Le Comité central.")


def interview(c: Composer) -> None:
    """Questions and answers."""
    rng, write = c.rng, c.write
    c.opening(1.0)
    asks, answers = rng.choice(
        (("Q.", "R."), ("La Revue", "Le témoin"), ("D.", "R."), ("JOURNAL", "FONTANEL"))
    )
    look = "own-line" if rng.random() < 0.15 else "run-in"
    before = ""
    for line in pool("interview"):
        who, text = line.split(": ", 1)
        if who == before:
            c.add("paragraph", text, speaker=answers if who == "R" else asks)
            continue
        before = who
        name = asks if who == "Q" else answers
        label = name if look == "own-line" else (name.rstrip(".") + c.habits.speaker).rstrip(" ")
        c.add("speech", text, speaker=name, label=label, look=look)
        if who == "R" and c.often(0.4):
            c.add("paragraph", write.paragraph(100), speaker=name)
        if who == "R" and c.often(0.12):
            c.heading(write.heading(), 2, numbered=False)


def dictionary(c: Composer) -> None:
    """A small dictionary: the word in capitals, then what it means."""
    c.document.title = c.rng.choice(("Dictionnaire des idées reçues", "Petit glossaire"))
    c.heading(c.document.title, 1, numbered=False)
    if c.often(0.5):
        c.paragraphs(1, 2)
    dash = c.rng.choice((".", ". —", " —", " :"))
    letter = ""
    lettered = c.often(0.5)
    for line in pool("dictionary"):
        word, text = line.split(" | ")
        first = word[0].replace("É", "E")
        if lettered and first != letter:
            letter = first
            c.heading(letter, 2, numbered=False)
        c.add("paragraph", text, label=f"{word}{dash}", look="entry")


def _with_contents(c: Composer) -> None:
    """Puts a table of contents before or after the text of a document that has headings."""
    blocks = c.document.blocks
    titles = [bare(block.text) for block in blocks if block.kind == "heading" and block.level == 2]
    if len(titles) < 3:
        return
    c.contents(titles)
    if c.often(0.5):
        contents = blocks.pop()
        first = next(at for at, block in enumerate(blocks) if block.level == 2)
        blocks.insert(first, contents)


GENRES: dict[str, Callable[[Composer], None]] = {
    "essay": essay, "book": book, "memoir": memoir, "brochure": brochure, "minutes": minutes,
    "play": play, "poems": poems, "letters": letters, "law": law, "newspaper": newspaper,
    "review": review, "magazine": magazine, "report": report, "manifesto": manifesto,
    "interview": interview, "dictionary": dictionary,
}  # fmt: skip
"""How each genre is composed."""

NOTED = {
    "essay": 10, "book": 14, "memoir": 6, "brochure": 7, "minutes": 2, "play": 1, "poems": 4,
    "letters": 6, "law": 2, "newspaper": 0, "review": 20, "magazine": 5, "report": 8,
    "manifesto": 1, "interview": 4, "dictionary": 2,
}  # fmt: skip
"""About how many notes a document of each genre has."""


@dataclass
class Wants:
    """What the look of a document asks of its notes."""

    notes: bool = True
    long: bool = False
    on_title: bool = True
    """Whether the title may call a note."""
    margin: bool = False
    """Whether notes stand in the margin, where there is room for few short ones."""
    starred: bool = False
    """Whether some notes are called by a star."""


def compose(genre: str, rng: Random, wants: Wants) -> Document:
    """A document of a genre."""
    composer = Composer(rng, genre)
    GENRES[genre](composer)
    if genre in ("report", "brochure", "letters", "essay", "poems", "law") and rng.random() < 0.2:
        _with_contents(composer)
    document = composer.document
    if wants.notes and NOTED[genre]:
        annotate(document, composer, max(1, round(NOTED[genre] * rng.uniform(0.5, 1.5))), wants)
    dress(document, rng)
    return document


def dress(document: Document, rng: Random) -> None:
    """Small capitals: of names, or of the first words of chapters."""
    if rng.random() < 0.15:
        document.traits.append("names in small capitals")
        names = re.compile(rf"(?<![\w<>])({'|'.join(LAST)})(?![\w<>])")
        for block in document.blocks:
            if block.kind in ("paragraph", "quote", "list-item") and "<" not in block.text:
                block.text = names.sub(r"<sc>\1</sc>", block.text)
    if document.genre in ("essay", "book", "memoir", "review") and rng.random() < 0.2:
        document.traits.append("first words in small capitals")
        for before, block in zip(document.blocks, document.blocks[1:], strict=False):
            if before.kind == "heading" and block.kind == "paragraph" and not block.label:
                found = re.match(r"[A-ZÀÉÇ][\w’]+(?: [\w’]+){1,3}(?=[ ,])", block.text)
                if found and "⟦" not in found[0]:
                    block.text = f"<sc>{found[0]}</sc>{block.text[found.end() :]}"


_CALLABLE = {"paragraph", "quote", "speech", "list-item", "verse"}


def _weight(block: Block, wants: Wants) -> int:
    """How likely a block is to call a note."""
    words = len(block.text.split())
    if wants.margin:
        return int(block.kind == "paragraph" and words > 70)
    if block.kind == "heading" and not block.free:
        return 4 if words > 2 and (block.level > 1 or wants.on_title) else 0
    return min(words, 120) if block.kind in _CALLABLE and words > 5 else 0


def annotate(document: Document, composer: Composer, count: int, wants: Wants) -> None:
    """Calls notes from places by chance."""
    rng = composer.rng
    weights = [_weight(block, wants) for block in document.blocks]
    if not any(weights):
        return
    chosen = sorted(rng.choices(range(len(weights)), weights, k=count))
    number = 0
    for at in sorted(set(chosen)):
        block = document.blocks[at]
        text, before = "", 0
        for place in _places(block, rng, 1 if wants.margin else chosen.count(at)):
            number += 1
            text += f"{block.text[before:place]}⟦{number}⟧"
            before = place
            note = composer.write.note(wants.long and not wants.margin)
            while wants.margin and len(note[0].split()) > 30:
                note = composer.write.note()
            starred = wants.starred and bool(document.notes) and rng.random() < 0.3
            starred = starred and not document.notes[-1].starred
            document.notes.append(Note(number, note, starred=starred))
        block.text = text + block.text[before:]


def _places(block: Block, rng: Random, count: int) -> list[int]:
    if block.kind == "heading":
        return [len(block.text)]
    ends = [found.end() for found in re.finditer(r"\w\w(?=\s?[,.;:!?»”]|\s)(?!\s*\n)", block.text)]
    pauses = [end for end in ends if not block.text[end : end + 1].isspace()]
    after = [found.end() for found in re.finditer(r"\w\w[.»](?=\s|$)", block.text)]
    figures = [found.end() for found in re.finditer(r"\b1[789]\d\d(?=[\s,.;])", block.text)]
    found: set[int] = set()
    for _ in range(count):
        chance = rng.random()
        if figures and chance < 0.12:
            found.add(rng.choice(figures))
        elif after and chance < 0.24:
            found.add(rng.choice(after))
        elif pauses and chance < 0.8:
            found.add(rng.choice(pauses))
        elif ends:
            found.add(rng.choice(ends))
    spread: list[int] = []
    for place in sorted(found):
        if not spread or place - spread[-1] > 25:
            spread.append(place)
    return spread
