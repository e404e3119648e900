"""How the divisions of texts are numbered: “CHAPITRE PREMIER”, “II. — …”, “§ 3”."""

from __future__ import annotations

import re

_NUMBER = (
    r"(?:\d+|[IVXLC]+|premi[eè]re?|seconde?|deuxième|troisième|quatrième|cinquième|sixième"
    r"|septième|huitième|neuvième|dixième|dernière?|unique|une?|deux|trois|quatre|cinq|six|sept"
    r"|huit|neuf|dix)"
)
DIVISIONS = {
    "livre": 0, "partie": 0, "titre": 0, "acte": 0, "lettre": 0, "appendice": 0, "annexe": 0,
    "séance": 0, "chapitre": 1, "scène": 1, "tableau": 1, "section": 2, "article": 3,
}  # fmt: skip
"""The names of divisions, and how deep they are."""
_DIVISION = "|".join(DIVISIONS)
NAMED = re.compile(
    rf"(?:{_DIVISION})\s+{_NUMBER}\W*|{_NUMBER}\s+(?:{_DIVISION})\W*|§\s*\d+\W*", re.IGNORECASE
)
"""The number of a division with its name, alone."""
NAMED_FIRST = re.compile(
    rf"({_DIVISION})\s+{_NUMBER}\b|{_NUMBER}\s+(?P<after>{_DIVISION})\b", re.IGNORECASE
)
"""The number of a division with its name, before other words."""
LABEL = re.compile(rf"{NAMED.pattern}|\W*[IVXLC]+\W*|\W*\d{{1,2}}\W*", re.IGNORECASE)
"""The number of a division, alone."""
NUMBERED = re.compile(
    rf"(?:{_DIVISION})\s+{_NUMBER}\b|{_NUMBER}\s+(?:{_DIVISION})\b"
    r"|[IVXLC]+\s*[.—–-]|[IVXLC]+$|(?:\d{1,2}|[IVX]+)(?:\.\d{1,2})*\s*[.—–)-]+\s+\S"
    r"|(?:\d{1,2}|[IVX]+)(?:\.\d{1,2})+\s+\S|[A-H]\s*\.?\s*[—–]\s+\S|§\s*\d+",
    re.IGNORECASE,
)
"""What a heading with a number begins with."""
SCENE = re.compile(r"\W*(?:acte|scène|tableau|prologue|épilogue)\b", re.IGNORECASE)
"""What the heading of a part of a play begins with; it has no title."""
