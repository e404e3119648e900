"""French to fill pages with: runs of the corpus, old writing, sentences made up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "corpus" / "editions"

MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
REPUBLICAN = (
    "vendémiaire brumaire frimaire nivôse pluviôse ventôse germinal floréal prairial messidor "
    "thermidor fructidor".split()
)
DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
PLACES = (
    "Paris", "Lyon", "Bruxelles", "Genève", "Limoges", "Saint-Étienne", "Rouen", "Le Creusot",
    "Montceau-les-Mines", "Nantes", "Roubaix", "Toulouse", "Le Havre", "Besançon", "Zurich",
    "Carmaux", "Brest", "Dijon", "Londres", "Nîmes",
)  # fmt: skip
FIRST = (
    "Jules Louise Émile Marthe Auguste Jeanne Ferdinand Hortense Achille Berthe Eugène Séverine "
    "Gustave Adèle Maurice Germaine Lucien Pauline Félix Noémie".split()
)
LAST = (
    "Vaillandet", "Boncœur", "Desrousseaux", "Lagarrigue", "Pélissier", "Quéruel", "Maréchal",
    "Thouvenin", "Chabrol", "Hérault", "Dubreuil", "Castagné", "Le Goff", "Fontanel", "Rabourdin",
    "Sauvageot", "Delacour", "Ménard", "d’Aubeterre", "Keller", "Tissot", "Ravier", "Combes",
)  # fmt: skip
PRESSES = (
    "Alcan", "Maspero", "Plon", "Hachette", "Éditions sociales", "Librairie de l’Humanité", "PUF",
    "Armand Colin", "Imprimerie nationale", "Giard et Brière", "Stock", "Champion", "Rieder",
)  # fmt: skip
REVIEWS = (
    "Annales historiques", "Le Mouvement social", "Revue des Deux Mondes", "La Nouvelle Revue",
    "Cahiers du Bolchevisme", "Le Temps", "La Voix du Peuple", "Revue de synthèse",
)  # fmt: skip
SUBJECTS = (
    "Le comité", "La commission d’enquête", "L’assemblée", "Un témoin", "Le rapporteur", "La foule",
    "Le vieux typographe", "La section du faubourg", "Le préfet", "Aucun des deux partis", "Chacun",
    "Le gouvernement provisoire", "La majorité", "Le délégué des mineurs", "Cette brochure",
    "Le tribunal", "La Gazette", "L’ingénieur en chef", "Son successeur", "La veuve du général",
    "Le congrès de {place}", "La fédération de {place}", "Mademoiselle {last}", "M. {last}",
)  # fmt: skip
VERBS = (
    "refusa d’abord", "finit par admettre", "ne dit rien de", "publia aussitôt", "repoussa",
    "avait longuement préparé", "ignorait encore", "invoqua", "fit imprimer", "réclamait en vain",
    "décida d’ajourner", "commenta sans bienveillance", "voulut voir", "avait déjà rendu",
    "ne put empêcher", "relut trois fois", "tenait pour acquis",
)  # fmt: skip
OBJECTS = (
    "la réduction de la journée à dix heures", "le tarif de {year}", "une lettre sans signature",
    "l’article {n} du règlement", "le rachat des chemins de fer", "la dissolution des ateliers",
    "les conclusions de l’expert", "ce que tout le monde savait", "l’envoi de deux délégués",
    "un emprunt de {n}00 000 francs", "la liste des souscripteurs", "l’ordre du jour pur et simple",
    "les procès-verbaux de la semi-permanence", "le contre-projet de {last}", "la paix elle-même",
    "l’avant-dernier paragraphe", "des chiffres qui n’avaient rien d’inquiétant",
)  # fmt: skip
TAILS = (
    "", "", "", " dès le {day} {month}", ", malgré l’avis contraire de {last}", " en {year}",
    ", comme on l’a vu plus haut", " ; on s’en souvint longtemps à {place}", ", et pour cause",
    " (voir p. {n})", " : c’était beaucoup demander", ", non sans quelque embarras",
    " dans les vingt-quatre heures", ", sous prétexte que l’hiver approchait", " au n° {n}",
    ", vers dix heures et demie", " ; les {n} autres s’abstinrent",
    " en {year}, {n} jours après les élections",
)  # fmt: skip
LINKS = (
    "", "", "", "", "Cependant, ", "Or, ", "Le lendemain, ", "En {year}, ", "À {place}, ",
    "Quelques semaines plus tard, ", "Au reste, ", "Tout bien pesé, ", "Il est vrai que ",
    "On sait que ", "De l’aveu même de {last}, ", "À la page {n}, on lit que ",
)  # fmt: skip
SHORT = (
    "Il n’en fut rien.", "Rien n’est moins sûr.", "On attendit.", "C’était en {year}.",
    "Voilà le fait.", "Passons.", "Tel est le problème.", "Nous y reviendrons.", "Il fallait agir.",
    "Ce n’était qu’un début.", "Résumons-nous.", "Mais quoi ?", "Trois mois passèrent.",
)  # fmt: skip
TOPICS = (
    "la question des salaires", "le chemin de fer", "les ateliers de la rivière", "la grève",
    "les origines du mouvement", "l’école et la caserne", "le suffrage des femmes", "la disette",
    "l’impôt sur le sel", "les sociétés de secours mutuel", "la presse clandestine", "l’exil",
    "la petite propriété", "les journées de juin", "l’administration des pauvres", "la milice",
    "le second congrès", "la défense de la ville", "la scission", "les coopératives", "l’armistice",
    "le rôle des minorités", "la terre et les hommes", "l’art du compromis", "les prisons",
)  # fmt: skip
HEADS = (
    "De {t}", "{T}", "Ce que fut {t}", "Remarques sur {t}", "{T} en {year}", "{T} après {year}",
    "Retour sur {t}", "{T} et ses suites", "Pour en finir avec {t}", "{T} : état de la question",
    "Comment finit {t}",
)  # fmt: skip
QUOTED = (
    "Il n’y a pas de petite réforme, disait-il, il n’y a que de petits réformateurs.",
    "Nous avons voulu l’ordre ; on nous a donné la police. Nous avons voulu du travail ; on nous a "
    "donné des règlements. Que nous donnera-t-on quand nous demanderons la justice ?",
    "La ville est calme. Les boutiques ont rouvert. Je n’ai fait arrêter que dix-sept personnes, "
    "et la plupart seront relâchées avant dimanche, faute de place.",
    "Ceux qui ont fait la révolution ne sont pas ceux qui l’ont racontée ; et ceux qui l’ont "
    "racontée n’ont pas aimé ceux qui l’avaient faite.",
    "Le tarif a été affiché le 3. Il a été arraché le 4. Il a été affiché de nouveau le 5, avec un "
    "gendarme dessous. Je prie le ministre de me dire si je dois continuer.",
    "Je ne connais pas d’autre moyen de convaincre un homme que de le laisser parler jusqu’au "
    "bout. On est surpris, alors, de voir combien peu il tenait à son opinion.",
    "Tout ce qui se dit à l’assemblée se répète au marché, mais autrement, et c’est le marché qui "
    "vote.",
)  # fmt: skip
CONTINUED = (
    "écrivait-il encore à sa sœur, peu avant de quitter {place}. On reconnaît là le ton de ses "
    "dernières lettres.",
    "ce qui, à l’époque, ne surprit personne. La phrase fut reprise en {year} par {last}.",
    "et plus loin, dans le même registre, il concluait que rien n’était perdu.",
    "conclut le rapport. Il est permis d’en douter.",
)
BOOKS = (
    "{F} {last}, <i>Histoire de {t}</i>, {place}, {press}, {year}, p. {n}.",
    "<i>Ibid.</i>, p. {n}-{m}.",
    "Voir <i>{review}</i>, n° {n}, {month} {year}, p. {m} sq.",
    "{last}, <i>op. cit.</i>, t. II, p. {n}.",
    "Arch. nat., F<sup>7</sup> 12{n}, rapport du {day} {month} {year}.",
    "<i>Id.</i>",
    "Cf. <i>supra</i>, p. {n}.",
    "Lettre à {F} {last}, {day} {month} {year} (collection particulière).",
    "{year} et non {year2}, comme l’écrit {last}.",
    "{n} francs en {year} ; {m} francs en {year2}.",
    "<sc>{last}</sc> ({F}), <i>De {t}</i>, {press}, {year}.",
)
REMARKS = (
    "On a longtemps attribué ce mot à {last} ; il se trouve déjà dans une brochure anonyme de "
    "{year}, dont un seul exemplaire est connu.",
    "Le manuscrit porte ici une rature. Nous rétablissons le texte d’après la copie de {place}, "
    "plus complète, mais dont l’orthographe a été modernisée par une main étrangère.",
    "Né à {place} en {year}, mort à {place2} en {year2}. Ouvrier typographe, puis journaliste, "
    "il fut l’un des fondateurs de la fédération. (N. d. É.)",
    "C’est nous qui soulignons.",
    "En français dans le texte.",
    "Le chiffre est celui du recensement de {year} ; celui de {year2} donne {n}00 âmes de moins.",
    "Il s’agit du règlement du {day} {month} {year}, affiché dans tous les ateliers et jamais "
    "appliqué ; voir sur ce point les remarques de {last}, qui n’emportent pas toutes la "
    "conviction.",
)  # fmt: skip


def lines_of(name: str) -> list[str]:
    """The lines of a file of texts."""
    return (HERE / "texts" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@cache
def pool(name: str) -> tuple[str, ...]:
    """The paragraphs of a file of texts."""
    return tuple(line for line in lines_of(name) if line.strip())


@cache
def parts(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The texts of a file that has several, by heading."""
    found: list[tuple[str, list[str]]] = []
    for line in lines_of(name):
        if line.startswith("# "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return tuple((head, tuple(body)) for head, body in found)


def _unmarked(text: str) -> str:
    text = re.sub(r"\[\^[^\]]+\]", "", text)
    while (new := re.sub(r"\[([^\[\]]*)\]\{[^{}]*\}", r"\1", text)) != text:
        text = new
    text = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    text = re.sub(r"\^([^^\s]+)\^", r"<sup>\1</sup>", text)
    text = re.sub(r"(?<!\*)\*([^*]+)\*(?!\*)", r"<i>\1</i>", text)
    text = text.replace("**", "").replace("\\", "")
    return re.sub(r"\s+", " ", text).strip()


@dataclass(frozen=True)
class Corpus:
    """What the editions of the corpus give: runs of paragraphs, quotations, notes."""

    runs: tuple[tuple[str, ...], ...]
    quotes: tuple[str, ...]
    notes: tuple[str, ...]


_LEFT_OUT = (":::", "#", "|", "-", "<", "{", "!", "```")


@cache
def corpus() -> Corpus:
    """The texts of the corpus, without markup."""
    runs: list[tuple[str, ...]] = []
    quotes: list[str] = []
    notes: list[str] = []
    for path in sorted(CORPUS.glob("*.md")):
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        run: list[str] = []
        for line in body.splitlines():
            text = _unmarked(re.sub(r"^\[\^[^\]]+\]:\s*", "", line.lstrip("> ")))
            if not text or re.search(r"[<>{}\[\]^*_](?!/?(?:sup|i)>)(?<!sup>)(?<!i>)", text):
                continue
            if line.startswith("[^"):
                notes.append(text)
            elif line.startswith(">"):
                quotes.append(text)
            elif not line.startswith(_LEFT_OUT) and len(text.split()) > 9:
                run.append(text)
        runs.append(tuple(run))
    return Corpus(tuple(runs), tuple(quotes), tuple(notes))


class Writer:
    """Gives texts by chance, and few of them twice in one document."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._run: list[str] = []
        self._prose: list[str] = []
        self._verse: list[tuple[str, tuple[str, ...]]] = []

    def fill(self, form: str) -> str:
        """A form with its names, numbers and dates."""
        rng = self.rng
        topic = rng.choice(TOPICS)
        return form.format(
            place=rng.choice(PLACES), place2=rng.choice(PLACES), last=rng.choice(LAST),
            F=rng.choice(FIRST), press=rng.choice(PRESSES), review=rng.choice(REVIEWS),
            year=rng.randint(1789, 1968), year2=rng.randint(1789, 1968), n=rng.randint(2, 98),
            m=rng.randint(99, 460), month=rng.choice(MONTHS), day=rng.randint(2, 28), t=topic,
            T=topic[0].upper() + topic[1:],
        )  # fmt: skip

    def sentence(self) -> str:
        """A sentence made up."""
        rng = self.rng
        if rng.random() < 0.08:
            return self.fill(rng.choice(SHORT))
        link = rng.choice(LINKS)
        subject = rng.choice(SUBJECTS)
        if link and not subject.startswith(("M", "{")):
            subject = subject[0].lower() + subject[1:]
        if link.endswith("que ") and subject[0] in "aeiou":
            link = link[:-2] + "’"
        verb = rng.choice(VERBS)
        thing = rng.choice(OBJECTS)
        if verb.endswith(" de"):
            thing = rng.choice(("la veille", "la suite", "l’affaire", "ce qui précède"))
        if verb.startswith(("décida", "fit")):
            thing = rng.choice(("la brochure", "les conclusions de l’expert", "la circulaire"))
        return self.fill(f"{link}{subject} {verb} {thing}{rng.choice(TAILS)}.")

    def made_up(self, words: int) -> str:
        """A paragraph made up, of so many words or a few more."""
        text = self.sentence()
        while len(text.split()) < words:
            text += " " + self.sentence()
        return text

    def _next(self, kept: list[str], texts: tuple[str, ...]) -> str:
        if not kept:
            kept.extend(texts)
            self.rng.shuffle(kept)
        return kept.pop()

    def old(self) -> str:
        """A paragraph of old prose."""
        return self._next(self._prose, pool("prose"))

    def run(self) -> str:
        """The next paragraph of a run of the corpus."""
        if not self._run:
            run = self.rng.choice([run for run in corpus().runs if len(run) > 14])
            at = self.rng.randrange(len(run) - 12)
            self._run = list(reversed(run[at : at + 12]))
        return self._run.pop()

    def paragraph(self, most: int = 170) -> str:
        """A paragraph of any kind, shortened at the end of a sentence where it is too long."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.45:
            text = self.run()
        elif chance < 0.75:
            text = self.made_up(rng.choice((12, 30, 55, 80, 110)))
        else:
            text = self.old()
        if rng.random() < 0.12:
            text += f" {self.sentence()}"
        return shortened(text, most)

    def quotation(self) -> str:
        """What someone else wrote, without quotation marks."""
        rng = self.rng
        texts = [text for text in corpus().quotes if 15 < len(text.split()) < 90]
        if rng.random() < 0.4 and texts:
            return rng.choice(texts).strip('«»"“” ')
        return rng.choice(QUOTED)

    def poem(self) -> tuple[str, str, list[list[str]]]:
        """A poem: title, author, stanzas."""
        if not self._verse:
            self._verse = list(parts("verse"))
            self.rng.shuffle(self._verse)
        head, body = self._verse.pop()
        title, author = head.split(" | ")
        stanzas: list[list[str]] = [[]]
        for line in body:
            if line:
                stanzas[-1].append(line)
            elif stanzas[-1]:
                stanzas.append([])
        return title, author, [stanza for stanza in stanzas if stanza]

    def heading(self) -> str:
        """A heading."""
        return self.fill(self.rng.choice(HEADS))

    def name(self) -> str:
        """First name and name."""
        return f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"

    def date(self, republican: bool = False) -> str:
        """A date in words and figures."""
        rng = self.rng
        if republican:
            return f"{rng.randint(2, 29)} {rng.choice(REPUBLICAN)} an {rng.choice(('II', 'III'))}"
        return f"{rng.randint(2, 30)} {rng.choice(MONTHS)} {rng.randint(1830, 1962)}"

    def place(self) -> str:
        """A town."""
        return self.rng.choice(PLACES)

    def note(self, long: bool = False) -> list[str]:
        """The paragraphs of a note."""
        rng = self.rng
        if long and rng.random() < 0.5:
            paragraphs = [self.paragraph(120)]
            if rng.random() < 0.6:
                paragraphs.append(f"> {rng.choice(QUOTED)}")
            if rng.random() < 0.6:
                paragraphs.append(self.made_up(40))
            return paragraphs
        chance = rng.random()
        if chance < 0.5:
            return [self.fill(rng.choice(BOOKS))]
        if chance < 0.75:
            return [self.fill(rng.choice(REMARKS))]
        short = [text for text in corpus().notes if len(text.split()) < 70]
        return [rng.choice(short) if short else self.fill(BOOKS[0])]


def shortened(text: str, most: int) -> str:
    """The text up to the end of a sentence, where it has more than so many words."""
    words = text.split(" ")
    if len(words) <= most:
        return text
    for end in range(most, 8, -1):
        part = " ".join(words[:end])
        if re.search(r"[^ .][.!?…]$", part) and not re.search(r"(?:\b[A-Z]|^M)\.$", part):
            opened = sum(part.count(f"<{tag}>") - part.count(f"</{tag}>") for tag in ("i", "sup"))
            if not opened and part.count("«") == part.count("»"):
                return part
    return text
