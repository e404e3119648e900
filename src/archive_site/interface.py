"""The French words of the interface that are not in a template, grouped by subject.

Words are spelled here as an editor types them; French typography is applied when a page is
rendered. A pair is singular and plural or, for adjectives, feminine and masculine.
"""

from __future__ import annotations

from collections.abc import Mapping

# ---------------------------------------------------------------- texts

TEXT_KINDS: Mapping[str, str] = {
    "speech": "Discours",
    "report": "Rapport",
    "article": "Article",
    "essay": "Essai",
    "letter": "Lettre",
    "drama": "Théâtre",
    "poem": "Poème",
    "memoir": "Mémoires",
    "decree": "Décret",
    "minutes": "Procès-verbal",
    "newspaper-article": "Article de journal",
}
ROLES: Mapping[str, tuple[str, str]] = {
    "author": ("auteur", "auteurs"),
    "speaker": ("orateur", "orateurs"),
    "signatory": ("signataire", "signataires"),
    "issuing body": ("autorité émettrice", "autorités émettrices"),
    "addressee": ("destinataire", "destinataires"),
    "translator": ("traduction", "traduction"),
    "editor": ("édition scientifique", "édition scientifique"),
    "annotator": ("annotation", "annotation"),
    "author of introduction": ("introduction", "introduction"),
    "commentator": ("commentaire", "commentaire"),
    "compiler": ("compilation", "compilation"),
    "dedicatee": ("dédicataire", "dédicataires"),
    "illustrator": ("illustration", "illustration"),
    "interviewer": ("entretien mené par", "entretien mené par"),
    "minute taker": ("procès-verbal", "procès-verbal"),
    "printer": ("impression", "impression"),
    "publisher": ("publication", "publication"),
    "transcriber": ("transcription", "transcription"),
    "contributor": ("contribution", "contributions"),
}
"""The label of each role, for one contributor and for several."""
CLAIMS: Mapping[str, str] = {
    "title": "titre",
    "creator": "attribution",
    "addressee": "destinataire",
    "date": "date",
    "place": "lieu",
    "event": "circonstance",
    "identification": "identification",
}
"""The name that a byline gives to each piece of metadata that may be uncertain."""
MASCULINE = ("title", "place", "addressee")
CERTAINTIES: Mapping[str, tuple[str, str]] = {
    "stated": ("", ""),
    "certain": ("restituée", "restitué"),
    "probable": ("probable", "probable"),
    "proposed": ("proposée", "proposé"),
    "unknown": ("", ""),
}
"""Each certainty of metadata, feminine and masculine; empty for those that are not shown."""
TRANSLATED = "traduction : {names}"
UNKNOWN_DATE = "date inconnue"
UNNAMED_AUTHOR, UNKNOWN_AUTHOR, UNKNOWN = "Auteur non nommé", "Auteur inconnu", "inconnu"
RIGHTS_LAYERS: Mapping[str, str] = {
    "author": "Texte",
    "translation": "Traduction",
    "notes": "Notes",
    "edition": "Cette édition",
}
STATEMENTS: Mapping[str, str] = {
    "InC": "Protégé par le droit d’auteur",
    "InC-OW-EU": "Protégé par le droit d’auteur – œuvre orpheline de l’Union européenne",
    "InC-EDU": "Protégé par le droit d’auteur – usage éducatif autorisé",
    "InC-NC": "Protégé par le droit d’auteur – usage non commercial autorisé",
    "InC-RUU": "Protégé par le droit d’auteur – ayants droit introuvables ou inconnus",
    "NoC-CR": "Pas de droit d’auteur – restrictions contractuelles",
    "NoC-NC": "Pas de droit d’auteur – usage non commercial seulement",
    "NoC-OKLR": "Pas de droit d’auteur – autres restrictions légales connues",
    "NoC-US": "Pas de droit d’auteur aux États-Unis",
    "CNE": "Droit d’auteur non évalué",
    "UND": "Droit d’auteur non déterminé",
    "NKC": "Pas de droit d’auteur connu",
}
"""The statements of rightsstatements.org."""
CITED_AS: Mapping[str, str] = {"source": "source", "original": "original"}
"""How the page of the bibliography calls a work that a text is from, or translates."""
AFTER = "d’après {source}"
TAKEN, BY_WHOM = "relevé", "par {who}"
ON_DAY, IN_TIME = "le {date}", "en {date}"
LANGUAGES: Mapping[str, str] = {
    "ar": "arabe",
    "bg": "bulgare",
    "br": "breton",
    "ca": "catalan",
    "cs": "tchèque",
    "cy": "gallois",
    "da": "danois",
    "de": "allemand",
    "el": "grec",
    "en": "anglais",
    "es": "espagnol",
    "eu": "basque",
    "fa": "persan",
    "fi": "finnois",
    "fr": "français",
    "ga": "irlandais",
    "grc": "grec ancien",
    "he": "hébreu",
    "hr": "croate",
    "hu": "hongrois",
    "hy": "arménien",
    "it": "italien",
    "ja": "japonais",
    "ka": "géorgien",
    "la": "latin",
    "lt": "lituanien",
    "lv": "letton",
    "nl": "néerlandais",
    "no": "norvégien",
    "oc": "occitan",
    "pl": "polonais",
    "pt": "portugais",
    "ro": "roumain",
    "ru": "russe",
    "sk": "slovaque",
    "sl": "slovène",
    "sr": "serbe",
    "sv": "suédois",
    "tr": "turc",
    "uk": "ukrainien",
    "vi": "vietnamien",
    "yi": "yiddish",
    "zh": "chinois",
}
"""Languages by their tag (BCP 47)."""
WORDS = ("mot", "mots")
NOTES = ("note", "notes")
READING_TIME = "{duration} de lecture"

# ---------------------------------------------------------------- the apparatus

NOTE_KINDS: Mapping[str, str] = {
    "author": "de l’auteur",
    "editor": "de l’éditeur",
    "translator": "du traducteur",
}
NOTES_TITLE, NOTE_OF = "Notes", "Note {whose}"
NOTES_OF = "Notes {whose}"
NATURES: Mapping[str, tuple[str, str]] = {
    "letters": ("lettres", "lettres fautives"),
    "accents": ("accents", "accent fautif"),
    "case": ("majuscules", "majuscule fautive"),
    "punctuation": ("ponctuation", "ponctuation fautive"),
    "spacing": ("espaces", "espace fautive"),
    "lost": ("mots perdus", "mot perdu"),
    "superfluous": ("mots en trop", "mot en trop"),
}
"""Each nature of emendation: its name in the filter, and the reason shown if none is given."""
BYTES, LINES = ("octet", "octets"), ("ligne", "lignes")
NOTE_CALL = "note {label}"
IN_NOTE = "note\u00a0{label}"
LOST, ADDED = ("mot perdu", "mots perdus"), ("mot ajouté", "mots ajoutés")
DECLARED = ("déclaré", "déclarés")
IN_TEXT, IN_NOTES = "dans le texte", "dans les notes"
WORDS_IN_WITNESS = ("mot dans le témoin", "mots dans le témoin")
SET_ASIDE = ("écarté", "écartés")
FIGURES = ("chiffre d’appel ou de note", "chiffres d’appel et de note")
EMENDATIONS = ("correction", "corrections")
HYPHENS = ("trait d’union", "traits d’union")

# ---------------------------------------------------------------- entries

ENTRY_KINDS: Mapping[str, tuple[str, str]] = {
    "person": ("Personne", "Personnes"),
    "organisation": ("Organisation", "Organisations"),
    "place": ("Lieu", "Lieux"),
    "work": ("Œuvre", "Œuvres"),
    "event": ("Événement", "Chronologie"),
    "notion": ("Notion", "Notions"),
}
"""For each kind of entry, the name of one entry and the title of the index."""
BIBLIOGRAPHY = "Bibliographie"
IDENTIFIERS: Mapping[str, str] = {
    "wikidata": "Wikidata",
    "viaf": "VIAF",
    "gnd": "GND",
    "bnf": "BnF",
    "idref": "IdRef",
    "isni": "ISNI",
    "maitron": "Maitron",
    "geonames": "GeoNames",
    "ark": "ARK",
    "doi": "DOI",
    "handle": "Handle",
    "hal": "HAL",
    "isbn": "ISBN",
    "urn": "URN",
}
INDEXES: Mapping[str, str] = {"network": "Réseau", "bibliography": BIBLIOGRAPHY}
"""The titles of the indexes that are not of a kind of entries."""
BOTH_CALENDARS = "{date} ({old}, ancien style)"
OLD_STYLE = "{old}, ancien style"
SAID_IN = "{mentions} dans {texts}"
NO_MENTION = "Aucune mention"
MENTIONS, TEXTS = ("mention", "mentions"), ("texte", "textes")
OTHERS = ("autre", "autres")
WITH_WHOM, WITH_WHAT = "Avec qui", "Avec quoi"
CREATOR_OF_WORK, PLACE, IN_ARCHIVE = "De", "Lieu", "Dans l’archive"
FORMS = ("Forme", "Formes")
WORKS_NAMED = ("Son œuvre citée", "Ses œuvres citées")
IDENTIFIERS_TITLE = ("Identifiant", "Identifiants")
ENTRIES = ("entrée", "entrées")
OTHER_SENTENCES = ("autre phrase", "autres phrases")
INDEX_SAYS = "{title}\u00a0: {total}, {their} mentions dans chaque texte."
THEIR = ("ses", "leurs")

# ---------------------------------------------------------------- the bibliography

REFERENCES = ("référence", "références")
SOURCES = ("Source", "Sources")
COORDINATES = "Coordonnées"
THESES: Mapping[str, str] = {
    "thesis": "thèse",
    "phdthesis": "thèse de doctorat",
    "mathesis": "mémoire de master",
    "mastersthesis": "mémoire de master",
    "bathesis": "mémoire de licence",
    "candthesis": "mémoire de licence",
}
"""The kind of a thesis that BibTeX names by a key."""
AND_OTHERS = "et al."
UNDATED = "s. d."
EDITIONS = ("{}e éd.", "{}re éd.")
"""The number of an edition; the first has another ending."""

# ---------------------------------------------------------------- events and days

EVENTS, DAYS = ("événement", "événements"), ("jour", "jours")
WHAT_TEXTS_SAY = ("dit le texte", "disent les textes")
ONE_YEAR, FROM_YEAR_TO_YEAR = "de {first}", "de {first} à {last}"
TIMELINE_OF_YEAR, TIMELINE_OF_YEARS = "de l’année {first}", "des années {first} à {last}"
SPEAKS_OF, SPEAKS_OF_YEARS = "parle de {years}", "parle des années {years}"

# ---------------------------------------------------------------- the network

EACH_PERSON, EACH_OF_PEOPLE = "chaque personne", "chacune des {people}"
PEOPLE = ("personne", "personnes")
COUNT_OF_TWO = "{one}{separator} {other}\u00a0: {count}"

# ---------------------------------------------------------------- from one text to others

IN_A_CHAPTER: Mapping[str, str] = {
    "person": "Personnes",
    "event": "Événements",
    "notion": "Notions",
}
SAME: Mapping[str, tuple[str, str]] = {
    "person": ("même personne", "mêmes personnes"),
    "organisation": ("même organisation", "mêmes organisations"),
    "place": ("même lieu", "mêmes lieux"),
    "work": ("même œuvre", "mêmes œuvres"),
    "event": ("même événement", "mêmes événements"),
    "notion": ("même notion", "mêmes notions"),
    "day": ("même jour", "mêmes jours"),
}
THIS_TEXT = "ce texte"
AND = " et "

# ---------------------------------------------------------------- search

SEARCH, CONCORDANCE = "Recherche", "Concordance"
TEXT, THE_TEXT, THE_NOTES = "Texte", "le texte", "les notes"
QUOTATIONS, QUOTATIONS_OF = "les citations", "les citations {of_name}"
SPEECHES, SPEECHES_OF = "les prises de parole", "les prises de parole {of_name}"
FILTERS: Mapping[str, tuple[str, str]] = {
    "texte": ("Texte", "tous"),
    "auteur": ("Auteur", "tous"),
    "genre": ("Genre", "tous"),
    "partie": ("Partie", "toutes"),
}
"""The label of each filter, and its text when nothing is chosen."""

# ---------------------------------------------------------------- lists of texts

DECADE, NO_YEAR, COLLECTIONS = "Années {year}", "Sans date", "Collections"
IN_COLLECTION = "texte {place} sur {count}"

# ---------------------------------------------------------------- every page

THE_TEXTS, INDEX, ABOUT = "Les textes", "Index", "À propos"
CORPUS = "Corpus"

# ---------------------------------------------------------------- downloads

FORMATS: Mapping[str, tuple[str, str]] = {
    "epub": (
        "EPUB",
        "livre numérique, pour une liseuse, une tablette, un téléphone ; les notes s’ouvrent d’un "
        "toucher, les pages de l’original se retrouvent",
    ),
    "pdf": ("PDF", "livre composé, à imprimer ou à lire ; notes au pied des pages, signets"),
    "txt": ("Texte seul", "se lit, se cherche et se copie partout"),
    "md": ("Markdown", "l’édition elle-même, qui se corrige, et que Pandoc convertit"),
    "xml": (
        "TEI",
        "toute la structure, les corrections, les noms et leur certitude, en XML TEI P5 ; pour "
        "l’étude et la conservation",
    ),
    "json": (
        "JSON",
        "le texte en données : chaque alinéa, ses mots, sa page, ses lignes du témoin",
    ),
    "bib": ("BibTeX", "la référence, pour LaTeX et JabRef"),
    "ris": ("RIS", "la référence, pour Zotero, EndNote, Mendeley"),
    "csl.json": (
        "CSL-JSON",
        "la référence, pour Zotero, Pandoc et tout ce qui suit les styles CSL",
    ),
}
"""The name and the use of each format, by the ending of its files."""
WHOLE_FILES: Mapping[str, tuple[str, str]] = {
    "donnees/archive.zip": (
        "Le site entier (ZIP)",
        "à décompresser, puis à ouvrir par index.html : il se lit sans réseau, recherche et "
        "concordance comprises",
    ),
    "donnees/archive.epub": ("Tous les textes en un livre (EPUB)", "une partie par texte"),
    "donnees/references.bib": (
        "Toutes les références (BibTeX)",
        "les références, pour LaTeX et JabRef",
    ),
    "donnees/references.ris": (
        "Toutes les références (RIS)",
        "les références, pour Zotero, EndNote, Mendeley",
    ),
    "donnees/references.csl.json": (
        "Toutes les références (CSL-JSON)",
        "les références, pour Zotero, Pandoc et tout ce qui suit les styles CSL",
    ),
}
"""The name and the use of each file of the whole archive, by its path."""
HARVEST_FILES: Mapping[str, tuple[str, str]] = {
    "feed.xml": (
        "Fil Atom",
        "les nouveaux textes et les révisions, pour un lecteur de fils",
    ),
    "oai.xml": (
        "OAI-PMH",
        "les notices en Dublin Core, en entrepôt statique, pour un moissonneur",
    ),
    "sitemap.xml": (
        "Plan du site",
        "toutes les pages et leur date, pour un moteur de recherche",
    ),
    "opensearch.xml": ("OpenSearch", "la recherche de l’archive, pour un navigateur"),
}
THE_CORPUS, MADE_FROM_CORPUS = "Le corpus", "Ce qui en est tiré"

# ---------------------------------------------------------------- fields of an edition

FIELDS: Mapping[str, str] = {
    "id": "le nom du texte dans toutes ses adresses ; ne change jamais",
    "title": "le titre ; entre [crochets] sur la page s’il n’est pas dans le témoin",
    "short_title": "le titre là où la place manque",
    "kind": "le genre du texte : {choices}",
    "creator": "de qui est le texte : une clé de people.yaml, et son rôle, author (auteur) ou "
    "speaker (orateur)",
    "addressee": "à qui est la lettre : une clé de people.yaml",
    "contributors": "qui y a part : une liste de {{key ou name, role, certainty, ground}} ; role : "
    "{choices}",
    "date": "quand il a été prononcé, écrit ou publié : EDTF",
    "place": "où",
    "event": "la circonstance",
    "covers": "les années dont il parle : EDTF",
    "calendar": "son calendrier, si ce n’est pas le grégorien : {choices} ; julian : celui de ses "
    "jours jusqu’au 31 janvier 1918 ; republican : celui de sa date, dite dans les deux",
    "year": "l’année des jours qu’il nomme sans la dire",
    "language": "sa langue (BCP 47) ; fr si rien n’est dit",
    "summary": "une phrase neutre, pour la page d’accueil",
    "source": "d’où vient le témoin, en mots, ou par reference (clé de la bibliographie), edition, "
    "pages, repository (qui le conserve), shelf_mark (sa cote), url, taken (le jour du relevé), "
    "by (par qui), note",
    "original": "de quoi il est la traduction : title, language, date, reference, edition",
    "extraction": "ce que l’extraction a fait au témoin, en mots simples",
    "rights": "ce que l’on sait des droits, par couche : {choices}",
    "license": "la licence, par couche ({choices}) : un identifiant SPDX, ou une adresse de "
    "Creative Commons ou de rightsstatements.org",
    "identifiers": "ses identifiants : {choices}",
    "collection": "les collections dont il fait partie : des clés de collections.yaml",
    "work": "l’œuvre dont il est une édition : une clé de works.yaml",
    "witness": "son fichier dans corpus/witnesses ; vide, le texte est tapé d’après le papier",
    "status": "draft (ébauche) tant qu’il n’est pas relu sur son témoin, puis proofread",
    "notes": "de qui sont les notes qui ne le disent pas : {choices}",
    "remarks": "ce qu’un lecteur doit savoir du texte",
    "revisions": "ce qui a changé dans cette édition : date (le jour), what (quoi), who (qui)",
    "order": "les lignes du témoin lues dans un autre ordre que le sien",
    "omissions": "les lignes du témoin écartées, et pourquoi ; certainty vaut proposed tant qu’un "
    "programme seul les écarte",
    "aliases": "les adresses que le texte n’a plus, chacune avec celle qui la remplace (vide : "
    "aucune)",
}
"""What each field of the front matter means. `{choices}` is replaced by the allowed words."""
CERTAINTIES_EXPLAINED: Mapping[str, str] = {
    "stated": "énoncé par le témoin lui-même ; s’écrit sans degré",
    "certain": "restitué : absent du témoin, mais hors de doute",
    "probable": "probable : des indices concordants, sans preuve",
    "proposed": "proposé : une hypothèse de l’éditeur, à ne pas citer sans elle",
    "unknown": "inconnu : rien n’est supposé",
}

# ---------------------------------------------------------------- a text's page

NAMED_IN_TEXT, NAMED_IN_OPENING = "Dans ce texte", "Dans l’ouverture"

# ---------------------------------------------------------------- books

ACCESSIBLE = (
    "Texte seul, aux titres hiérarchisés ; la couverture, seule image, est décrite.",
    "Texte aux titres hiérarchisés ; chaque image est décrite.",
)
"""Of a book without pictures, and of one with pictures."""
ALL_ACCESSIBLE = (
    " Une table mène aux parties ; chaque note est liée à son appel, dans les deux sens."
)
PAGES_ACCESSIBLE = " Les pages de l’original sont marquées, et une liste y mène."
ORIGINAL_OF = "original de {name}"
HYPHENS_CLOSED = ("trait d’union refermé", "traits d’union refermés")
NOTES_INCLUDED = ("note comprise", "notes comprises")
NOTES_ARE = "Les notes sont {whose}."
REVISED, VERSION = "révisée le {date}", "version {version}"
COVER, TITLE_PAGE, TABLE, TEXT_BEGINS = "Couverture", "Page de titre", "Table", "Début du texte"
ABOUT_EDITION, EMENDATIONS_TITLE, THIS_ARCHIVE = (
    "À propos de cette édition",
    "Corrections",
    "Cette archive",
)
BACK_TO_CALL, BACK_TO_PASSAGE = "retour à l’appel de la note {label}", "retour au passage"
NOTE_REMARK, EDITOR_REMARK = "(Note {whose}.)", "Remarque de l’éditeur\u00a0:"
DETAILS: Mapping[str, str] = {
    "title": "Titre",
    "kind": "Genre",
    "original": "Original",
    "identifiers": "Identifiants",
    "date": "Date",
    "place": "Lieu",
    "event": "Circonstance",
    "covers": "Parle de",
    "source": "Source",
    "witness": "Témoin",
    "omissions": "Écarté du témoin",
    "remark": "Remarque",
    "doubts": "Doutes",
    "revision": "Révision",
    "version": "Version",
    "archive": "Archive",
    "reference": "Pour citer",
    "cited as": "Référence",
    "address": "Adresse",
}
"""The label of each detail in the description of a text in a book."""
RIGHTS, RIGHTS_OF = "Droits", "Droits\u00a0: {layer}"
NO_WITNESS = "aucun"
DOUBTS_BELOW = "Expliqués sous le signe [?] au pied "
DOUBTS_AT_END = "Expliqués sous le signe [?], à la fin du texte"

# ---------------------------------------------------------------- the folder of data

DATA_FILES: Mapping[str, tuple[str, str]] = {
    "edition": (
        "Édition",
        "un texte tel que l’édition le lit, après ce que l’on en sait (YAML, puis Markdown de "
        "Pandoc) ; tout le reste en est tiré",
    ),
    "witness": ("Témoin", "le texte tel qu’il a été reçu, octet pour octet"),
    "witness text": ("Texte du témoin", "le texte qui en a été tiré, et que l’édition suit"),
    "witness places": (
        "Lignes du témoin",
        "comment ce texte a été tiré ; d’un PDF, la page et la place de chaque ligne",
    ),
    "witness sums": ("Empreintes des témoins", "les SHA-256 des témoins reçus"),
    "picture": ("Image", "une image telle qu’elle a été reçue, octet pour octet"),
    "collections": ("Collections", "les collections, avec leurs titres et leur ordre"),
    "credits": ("Crédits des images", "à qui l’on doit chaque image, et d’où elle vient"),
    "authority file": ("Notices : {kind}", "{kind} (fichier d’autorité)"),
    "bibtex": ("Bibliographie (BibTeX)", "les ouvrages que citent les notes et les notices"),
    "csl": ("Bibliographie (CSL-JSON)", "les ouvrages que citent les notes et les notices"),
    "site": ("L’archive", "le nom de l’archive et ce qu’elle dit d’elle-même"),
    "unclaimed": ("Mots sans notice", "les mots en majuscule qui ne nomment rien d’indexé"),
    "exemptions": ("Exceptions", "ce que la vérification signale et que l’éditeur garde"),
    "index as JSON": ("{kind} (JSON)", "{kind}, avec chacune de leurs mentions"),
    "index as CSV": ("{kind} (CSV)", "{kind}, une entrée par ligne"),
    "days as JSON": (
        "Jours (JSON)",
        "les jours que les textes nomment, avec chacune de leurs mentions",
    ),
    "days as CSV": ("Jours (CSV)", "les jours que les textes nomment, un par ligne"),
    "mentions": ("Mentions", "toutes les mentions de tous les index, une par ligne"),
    "beacon": ("BEACON", "les identifiants dont cette archive parle, au format BEACON"),
    "schema": ("Schéma des textes", "ce que contient le fichier JSON de chaque texte"),
    "readme": ("Lisez-moi", "ce que contient ce dossier"),
    "descriptor": ("Data Package", "la description de chaque fichier, pour programmes"),
    "sums": ("Empreintes", "les SHA-256 des fichiers du corpus, pour sha256sum -c"),
}
"""The name and a description of each sort of file."""
COLUMNS: Mapping[str, str] = {
    "key": "clé de l’entrée, ou jour (AAAA-MM-JJ) là où kind vaut day",
    "name": "nom de l’entrée",
    "sort": "nom sous lequel elle se classe",
    "years": "années d’une personne ou d’une organisation, comme 1870–1924",
    "date": "date d’une œuvre ou d’un événement, en EDTF",
    "old_style": "la même date dans le calendrier julien, en EDTF",
    "description": "de qui ou de quoi il s’agit",
    "mentions": "nombre de mentions dans les textes",
    "texts": "identifiants des textes où elles sont, séparés d’espaces",
    "sources": "clés des ouvrages de la bibliographie d’où vient l’entrée, séparées d’espaces",
    "latitude": "latitude d’un lieu, en degrés",
    "longitude": "longitude d’un lieu, en degrés",
    "day": "jour du calendrier grégorien",
    "kind": "nature de l’entrée : {kinds}",
    "text": "identifiant du texte",
    "block": "identifiant de l’alinéa ; vide dans une note",
    "note": "numéro de la note ; vide hors des notes",
    "start": "premier caractère dans l’alinéa, compté depuis 0",
    "end": "caractère qui suit le dernier",
    "words": "les mots du texte",
    "certainty": "certitude de la mention",
}
"""What each column of the tables contains."""
FILES = ("fichier", "fichiers")
UNLICENSED = (
    "Aucune licence n’est déclarée : ce que l’on sait des droits est dit texte par texte, couche "
    "par couche, et une licence ne se suppose pas."
)
NOTHING_SAID = "rien n’en est dit"

# ---------------------------------------------------------------- in other formats

READ_ME = """{title}

Ouvrez index.html, dans ce dossier, avec un navigateur : le site entier se lit
ainsi, sans réseau, recherche et concordance comprises.

Les textes eux-mêmes, leurs témoins et leurs sommes de contrôle sont dans le
dossier data.
"""
"""The README in the zip file of the archive, beside the site."""
EDITION_OF = "édition du {date}"
NO_PLACE, NO_DATE = "[S.\u00a0l.]", "[s.\u00a0d.]"
RIGHTS_BY_TEXT = "Les droits sont dits texte par texte."
NEW_TEXT, REVISION = ("nouveau", "Nouveau texte"), ("revision", "Révision")
"""The categories of entries in the feed: term and label."""
REVISION_OF = "Révision\u00a0: {title}"
SEARCH_OF = "Chercher dans les textes : {title}"
CONTENTS = "Sommaire"
DRAFT, DRAFT_TO_READ = "ébauche à relire", "Ébauche, à relire sur son témoin."
EMENDATION_HEADS = ("Place", "Témoin", "Édition")
EMENDATIONS_LISTED = "Corrections\u00a0: alinéa (§), source → cette édition"
WORD_ADDED, WORD_DELETED, NOTHING = "ajouté", "supprimé", "rien"
UNNUMBERED: Mapping[str, str] = {
    "heading": "titre",
    "dateline": "date et lieu",
    "stage": "jeu de scène",
    "salutation": "formule d’appel",
    "signature": "signature",
    "speaker": "prise de parole",
    "caption": "légende",
    "figure": "figure",
    "break": "séparation",
}
TABLE_REGION = "Tableau"
PICTURE = "Image ({file}) : {shows}"
"""A picture in plain text."""
UNNUMBERED_SHORT: Mapping[str, str] = {
    **UNNUMBERED,
    "dateline": "date",
    "stage": "scène",
    "salutation": "appel",
    "speaker": "nom",
}
"""The name, in lists, of a block that is not a numbered paragraph."""
BOX_BEGINS, BOX_ENDS = "[encadré]", "[fin de l’encadré]"
SIGNS: Mapping[str, str] = {
    "note call": "[1] : appel de note ; les notes sont à la fin.",
    "page break": "[p. 12] : ici commence cette page de l’original ; [p.\u00a0[12]], là où la page "
    "ne porte pas de numéro et où l’éditeur l’a compté.",
    "gap": "[… et une raison] : mots qui manquent dans la source.",
    "doubt": "[?1] : mots que l’éditeur n’a pu établir ; ses raisons sont à la fin.",
    "emphasis": "_mots_ : en italique ; *mots* : en gras.",
    "emendation": "Le texte se lit corrigé ; chaque correction est dite à la fin.",
    "citation": "[Auteur, année] : ouvrage que cite l’éditeur ; la bibliographie est à la fin.",
}
"""What the signs in a plain-text export mean."""

# ---------------------------------------------------------------- labels beside words

REMARKS, DOUBTS = "Remarques", "Passages douteux"
REMARK = "remarque {number} de l’éditeur"
ORIGINAL_PAGE, NEW_PAGE = "page {number} de l’original", "nouvelle page de l’original"
DELETED_WORD = "mot supprimé"
DELETED_IN_EDITION, ADDED_IN_EDITION = "supprimé dans l’édition", "ajouté : rien dans la source"
READ_AS, SOURCE_HAS = "lu : « {words} »", "la source porte : « {words} »"
EMENDATION_SAYS = "{other} (correction {number})"

# ---------------------------------------------------------------- TEI

STATUSES: Mapping[str, str] = {
    "draft": "Ébauche, non relue",
    "proofread": "Texte relu sur son témoin",
}
CALENDARS: Mapping[str, str] = {
    "gregorian": "Calendrier grégorien",
    "julian": "Calendrier julien",
    "republican": "Calendrier républicain",
}
WITNESS_NOTES: Mapping[str, str] = {
    "author": "de l’auteur",
    "editor": "de l’éditeur du témoin",
    "translator": "du traducteur",
}
TEI_RESPONSIBLE = "établissement du texte et balisage"
NO_DIGITAL_WITNESS = "Pas de témoin numérique : texte saisi d’après le papier."
LINES_OMITTED = "Lignes du témoin écartées"
TO_CONFIRM = "{why}, à confirmer"
LINES_ORDERED = "Lignes du témoin, dans l’ordre où l’édition les lit"
OTHER_NOTES_ARE = "Les notes qui ne le disent pas sont {whose}."
DAYS_ARE_OF = "Les jours dits sans année sont de {year}."
CITED_BY_NUMBER = "Un alinéa, par son numéro."
CITED_BY_ID = "Un alinéa ou une partie, par son identifiant."
TEI_DECLARATIONS: Mapping[str, str] = {
    "correction": """
        <p>Une leçon du témoin que l’édition corrige reste dans <gi>sic</gi>, à côté de la leçon
        corrigée, <gi>corr</gi> ; un mot restitué est dans <gi>supplied</gi>, un mot de trop dans
        <gi>surplus</gi>. La raison, quand l’éditeur la donne, y est dans une <gi>note</gi> de type
        <val>reason</val>. Un <gi>sic</gi> sans <gi>corr</gi> signale des mots douteux que l’édition
        n’a pas tranchés ; <gi>gap</gi>, ce qui manque au témoin.</p>
        <p>Lu avec ses <gi>sic</gi> et ses <gi>surplus</gi>, sans ses <gi>corr</gi> ni ses
        <gi>supplied</gi>, le texte est celui du témoin, moins les lignes écartées.</p>""",
    "normalization": """
        <p>L’orthographe, la ponctuation et la saisie sont celles du témoin. Rien n’est régularisé
        sans balise ; la typographie française ne l’est qu’à l’affichage.</p>""",
    "quotation": """
        <p>Les guillemets du témoin restent dans le texte. Les citations détachées sont dans
        <gi>quote</gi> ; quand l’édition dit de qui sont les mots, ils y sont dans un <gi>q</gi>
        dont <att>who</att> désigne qui parle.</p>""",
    "hyphenation": """
        <p>Les mots que le témoin coupe en fin de ligne sont rejoints ; ses lignes ne sont pas
        gardées, sauf celles qui comptent, dans un titre ou une adresse (<gi>lb</gi>), et les vers
        (<gi>l</gi>, dans des <gi>lg</gi>).</p>""",
    "segmentation": """
        <p>Le texte est divisé en <gi>div</gi> d’après ses titres, puis en alinéas. L’identifiant
        d’un alinéa est celui de son adresse dans l’archive, <att>n</att> son numéro. Un encadré est
        dans un <gi>floatingText</gi>, une prise de parole dans un <gi>sp</gi> ; ce qu’une liste
        numérotée imprime devant ses articles est dans <gi>label</gi>. Une note est à la place de
        son appel ; <att>n</att> donne sa marque, <att>type</att> dit de qui elle est. Un numéro de
        page que l’éditeur a compté, et non lu, porte <att>resp</att>.</p>""",
    "interpretation": """
        <p>Les personnes, organisations, lieux, œuvres, événements, notions et jours que nomme le
        texte sont balisés. Ceux qui portent <att>resp</att> l’ont été par l’éditeur ; les autres,
        par le programme archive-site, d’après les formes relevées dans les index de l’archive :
        un nom qu’elles ne prévoient pas n’est pas balisé.</p>""",
    "stdVals": """
        <p>Les dates normalisées sont du calendrier grégorien (ISO 8601) ; <att>calendar</att> dit
        quand les mots en suivent un autre, <att>when-custom</att> donne en EDTF (ISO 8601-2) ce que
        les autres attributs ne suffisent pas à dire. <att>cert</att> va de <val>high</val>
        (certain) à <val>medium</val> (probable) et <val>low</val> (proposé). Un titre, un auteur,
        une date, un lieu, une circonstance qui n’en portent pas sont dans le témoin ; le titre
        court, le genre, le résumé et les mots-clés sont de l’éditeur.</p>""",
}
"""What was done to the text, in TEI, by the element that describes it."""

# ---------------------------------------------------------------- in a recovered draft

RECOVERED_PLAINLY = (
    "Ébauche ligne à ligne : les notes, les pages et les titres de ce témoin sont à retrouver."
)
SET_ASIDE_AS: Mapping[str, str] = {
    "folio": "folio",
    "running head": "titre courant",
    "running head and folio": "titre courant et folio",
    "line number": "numéro de ligne",
    "link residue": "résidu de lien",
    "heading of the notes": "titre de la section des notes",
    "foreword of the notes": "avertissement en tête des notes",
    "callout": "texte détaché, repris du corps",
    "contents": "table des matières",
    "marginal words": "mots en marge",
    "turned line": "texte tourné, hors du corps",
}
"""Why a recovered draft omits lines of the witness."""
COLUMNS_REORDERED = (
    "ordre des colonnes restitué : dans le témoin, la seconde vient avant la première"
)
TITLE_MOVED = "ordre de lecture restitué : le titre est au milieu de la page dans le témoin"
NO_TITLE = "le témoin n’a pas de titre"
DATE_IN_TEXT = "date que porte le texte : « {line} »"
PLACE_IN_TEXT = "lieu que porte le texte : « {line} »"
DATES_IN_TEXT = "dates que porte le texte, de « {first} » à « {last} »"
YEAR_UNKNOWN = " ; l’année n’est pas dite"
CENTURY_UNKNOWN = " ; le siècle n’est pas dit"
CENTURY_BY_YEAR = " ; le siècle est celui de {year}, que nomme le texte ou le nom du fichier"
CENTURY_BY_WEEKDAY = " ; le siècle est celui où ce jour de la semaine convient"
NEW_STYLE = " ; la seconde est celle du calendrier grégorien"
DATES_DIFFER = " ; les dates des deux calendriers ne s’accordent pas"
WEEKDAY_DIFFERS = " ; mais ce jour est un {day}"
AUTHOR_IN_TEXT = "nom que porte le texte : « {line} »"
NO_AUTHOR_IN_TEXT = "le texte ne nomme pas son auteur : « {line} »"
SIGNED_IN_TEXT = "signature : « {line} »"
ADDRESSED_IN_TEXT = "destinataire que porte le texte : « {line} »"
GREETED_IN_TEXT = "formule d’appel : « {line} »"
WORDS_IN_PROPERTIES = "propriétés du fichier {name} : « {words} »"
UNDONE = "les appels et les césures de ce passage sont à vérifier dans le témoin"
NOTE_EMPTY = "note vide dans le témoin"
LOST_CALL = "appel de note : la note n’a pas été trouvée dans le témoin"
CALL_MISSING = "note sans appel dans le témoin : l’appel est placé ici par défaut"
OCR_UNSURE = "mot incertain : l’OCR n’en est pas sûr"
OCR_POOR = "passage mal lu : l’OCR n’est pas sûr de {n} mots"
READ_BY_OCR = "Texte lu par OCR{reader}."
OCR_CONFIDENCE = "Texte lu par OCR{reader}, sûr de ses mots à {sure} % en moyenne."
CALL_MISREAD = "appel de note mal lu par l’OCR"
LABEL_MISREAD = "numéro de note mal lu par l’OCR"
HYPHEN_DOUBT = "trait d’union de coupe ou véritable"
LETTERSPACED, CAPITALS_MANGLED = "titre interlettré", "capitales altérées par l’extraction"

# ---------------------------------------------------------------- in a document that was read

STRUCK_OUT = "mots biffés dans la source"
LOWERED = "en indice dans la source"
RAISED = "en exposant dans la source : peut-être l’appel d’une note qui manque"
OBJECT_HERE = "la source a ici un objet qui n’a pas pu être repris"
FORMULA = "formule, dans la notation de la source"
UNREAD = "élément de la source que l’édition ne connaît pas"
RAW = "code de la source, qui n’est peut-être pas du texte"
CODE = "texte préformaté dans la source"
PICTURE_HERE = "la source a ici une image"
PICTURE_NAMED = "la source a ici une image, {name}"
MERGED_CELL = "cellule fusionnée dans la source"
CROWDED_CELL = "plusieurs alinéas dans cette cellule de la source"
TABLE_UNDONE = "Tableau de mise en page : ses cellules sont devenues des alinéas."
EMPTY_ITEM = "article de liste sans texte dans la source"
IN_PROPERTIES = "propriétés du fichier {name}"
NO_TITLE_READ = "la source n’a pas de titre"
UNDERLINED = "Les mots soulignés dans la source sont en italique."
NOTES_TOGETHER = "Les notes de bas de page et les notes de fin de la source se suivent."
NAVIGATION_LEFT = "La navigation de la page n’est pas reprise : « {words} »."
ELEMENT_READ = "Seul l’élément {name} de la page est repris."
HEADING_LEFT = "Le titre « {words} » des notes n’est pas repris."
CHANGES_TAKEN = "Les modifications suivies du fichier sont acceptées."
BOXES_PLACED = "Les zones de texte de la source sont des alinéas, après ceux qui les portent."
COMMENTS_LEFT = "Les commentaires du fichier ne sont pas repris."
WORDS_LEFT = "Des mots du fichier ne sont pas repris : « {words} »."
WORDS_MOVED = "Des mots du fichier ne sont pas à leur place : « {words} »."
PAGES_LEFT = "Les débuts des pages de la source ne sont pas repris : ils ne se suivent pas."
MARKS_LEFT = "Des italiques ou des liens n’ont pas pu être repris."

# ---------------------------------------------------------------- the style guide

VOICE = "La voix du spécimen"

TEI_HEADER = "d’après l’en-tête du fichier TEI"
TEI_IMPRINT = "date de l’édition que l’en-tête du fichier TEI donne pour source"
TEI_FIRST_TITLE = "premier titre du texte ; l’en-tête du fichier TEI n’en donne pas"
TEI_EXTRACTION = "Texte lu dans le fichier TEI « {file} »."
TEI_OMITTED: Mapping[str, str] = {
    "fw": "Titres courants, signatures de cahiers et réclames omis : {count}.",
    "reg": "Formes normalisées par l’encodage, dont la graphie d’origine est gardée : {count}.",
    "expan": "Abréviations que l’encodage développe, gardées telles quelles : {count}.",
    "ex": "Abréviations que l’encodage développe, gardées telles quelles : {count}.",
    "index": "Entrées d’index de l’encodage, omises : {count}.",
}
TEI_RENUMBERED = "Les notes sont renumérotées de suite : leurs appels se répétaient."
TEI_TITLE_PAGE = "La page de titre porte : « {words} »"
TEI_HEADING_OMITTED = "Titre omis au-dessus des notes : « {words} »"
TEI_NOTES_OF: Mapping[str, str] = {
    "author": "Notes de l’auteur : {labels}.",
    "editor": "Notes de l’éditeur : {labels}.",
    "translator": "Notes du traducteur : {labels}.",
}
TEI_LANGUAGE = "L’en-tête du fichier TEI ne dit pas la langue du texte : elle est à vérifier."
TEI_PUBLISHED = "Fichier TEI publié par {words}."
TEI_ADDED: Mapping[str, str] = {
    "supplied": "restitué par l’encodage",
    "ex": "abréviation développée par l’encodage",
}
TEI_REMOVED: Mapping[str, str] = {
    "surplus": "superflu selon l’encodage",
    "del": "biffé dans l’original",
}
TEI_DOUBTS: Mapping[str, str] = {
    "unclear": "lecture incertaine",
    "sic": "signalé tel quel par l’encodage",
    "corr": "corrigé par l’encodage, qui ne donne pas la leçon d’origine",
}
TEI_OR = "ou : {other}"
TEI_GAP = "lacune signalée par l’encodage"
TEI_FIGURE = "image non reproduite"
TEI_SIGN = "signe que l’encodage ne transcrit pas"
TEI_NOT_INCLUDED = "fichier à inclure, non repris : {file}"
