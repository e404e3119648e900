"""Makes documents in many layouts, with the truth of each: `python tests/layouts/make.py OUT`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from random import Random
from shutil import which
from typing import Any

# Run as a script: `layouts` is the folder of this file.
if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from layouts import scan, set_groff, set_html, set_latex, set_office, set_typst
from layouts.genres import GENRES, Wants, compose
from layouts.model import Document, Made
from layouts.reading import Difference, difference, hyphens_of
from layouts.spread import spread
from layouts.styles import Style, draw, fit
from layouts.truth import truth_of

Engine = Callable[[Document, Style], Made]
ENGINES: dict[str, Engine] = {
    "typst": set_typst.make,
    "chromium": set_html.make_chromium,
    "weasyprint": set_html.make_weasyprint,
    "latex": set_latex.make,
    "groff": set_groff.make,
    "libreoffice": set_office.make,
}

SPREAD = ("brochure", "manifesto", "book", "memoir", "essay", "letters")
"""What people print at home, two pages on a sheet."""


def _fails(command: list[str]) -> bool:
    """Whether a command that is given nothing fails."""
    return bool(subprocess.run(command, input=b"", capture_output=True, check=False).returncode)


def missing(engine: str) -> str:
    """What an engine needs and this system lacks."""
    if engine != "typst" and not find_spec("pypdfium2"):
        return "pypdfium2"
    if engine == "chromium":
        from browser import REMEDY, find_browser

        return "" if find_browser() else REMEDY
    if engine == "weasyprint":
        return "" if find_spec("weasyprint") else "weasyprint"
    if engine == "groff":
        probe = ["groff", "-Tpdf", "-ms"]
        if not which("groff") or _fails(probe):
            return "groff with its PDF device"
    tools = {"latex": ("xelatex", "pdflatex"), "libreoffice": ("soffice",)}
    return ", ".join(tool for tool in tools.get(engine, ()) if not which(tool))


def one(name: str, genre: str, engine: str, seed: str) -> tuple[Made, dict[str, Any]]:
    """A document of a genre, by an engine, and its truth."""
    rng = Random(seed)
    style = draw(rng, genre, engine)
    wants = Wants(
        long=rng.random() < 0.3,
        on_title=not style.title_across,
        margin=style.notes.place == "margin",
        starred=style.notes.starred,
    )
    document = compose(genre, rng, wants)
    fit(style, document)
    made = ENGINES[engine](document, style)
    if genre in SPREAD and style.columns == 1 and style.width < 160 and rng.random() < 0.12:
        made = spread(made)
        document.traits.append("two pages on a sheet")
    truth = truth_of(name, document, style, made)
    truth["hyphens"] = {f"{name}.pdf": hyphens_of(truth, made.pdf)}
    return made, truth


def agreeing(name: str, genre: str, engine: str, seed: str) -> tuple[Made, dict[str, Any]]:
    """A document whose truth has the very words of its PDF: what an engine loses is drawn anew."""
    for attempt in range(12):
        try:
            made, truth = one(name, genre, engine, f"{seed}/{attempt}")
        except RuntimeError as failed:
            print(f"{name}: {failed}", file=sys.stderr)
            continue
        found = difference(truth, made.pdf)
        if not found.lost and not found.extra:
            return made, truth
        print(report(name, found), file=sys.stderr)
    raise RuntimeError(f"{name}: {engine} never set what it was given")


def scan_of(made: Made, truth: dict[str, Any], rng: Random) -> None:
    """Puts a scan in the place of a document; its truth stays what was printed."""
    layout = truth["layout"]
    narrow = "columns" not in layout and "on a sheet" not in layout
    narrow = narrow and truth["family"] in ("book", "memoir", "play")
    how = scan.scanner(rng, narrow)
    made.pdf = scan.scanned(made.pdf, how, rng)
    truth["layout"] += f", {how.described()}"
    truth["typesetter"] += ", then Tesseract"
    truth["hyphens"] = {}
    if how.spread:
        for item in truth["omitted"]:
            item["page"] = item["page"] // 2 + 1


def report(name: str, found: Difference) -> str:
    """What a truth and its PDF do not agree on."""
    lost = " ".join(list(found.lost.elements())[:8])
    extra = " ".join(list(found.extra.elements())[:8])
    return f"{name}: {found.lost.total()} lost ({lost}), {found.extra.total()} too many ({extra})"


def main() -> int:
    """Makes the documents that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default=",".join(ENGINES))
    parser.add_argument("--genre", default=",".join(GENRES))
    parser.add_argument("--source", action="store_true", help="keep what the engine was given")
    parser.add_argument("--scan", action="store_true", help="scans with the text that OCR reads")
    options = parser.parse_args()
    genres = options.genre.split(",")
    engines = []
    for engine in options.engine.split(","):
        if lacked := missing(engine):
            print(f"{engine} is left out: it needs {lacked}", file=sys.stderr)
        else:
            engines.append(engine)
    if not engines or (options.scan and not scan.available()):
        print("nothing to make documents with", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    rng = Random(options.seed)
    shift = rng.randrange(len(genres))
    plan = [engines[number % len(engines)] for number in range(options.count)]
    rng.shuffle(plan)
    for number in range(options.count):
        genre = genres[(number + shift) % len(genres)]
        engine = plan[number]
        kind = f"scan-{engine}" if options.scan else engine
        name = f"{genre}-{kind}-{options.seed}{number:02d}"
        seed = f"{options.seed}/{number}/{genre}/{engine}"
        made, truth = agreeing(name, genre, engine, seed)
        if options.scan:
            scan_of(made, truth, Random(seed))
        (options.out / f"{name}.pdf").write_bytes(made.pdf)
        if options.source:
            (options.out / f"{name}.source").write_text(made.source, encoding="utf-8")
        text = json.dumps(truth, ensure_ascii=False, indent=1)
        (options.out / f"{name}.truth.json").write_text(text + "\n", encoding="utf-8")
        print(f"{name}: {truth['layout']}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
