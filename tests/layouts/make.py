"""Makes documents in many layouts, with the truth of each: `python tests/layouts/make.py OUT`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

# Run as a script: `layouts` is the folder of this file.
if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from layouts import set_groff, set_html, set_latex, set_office, set_typst
from layouts.genres import GENRES, Wants, compose
from layouts.model import Document, Made
from layouts.reading import Difference, difference, hyphens_of
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


def one(name: str, genre: str, engine: str, seed: str) -> tuple[Made, dict[str, Any]]:
    """A document of a genre, by an engine, and its truth."""
    rng = Random(seed)
    style = draw(rng, genre, engine)
    wants = Wants(
        long=rng.random() < 0.3,
        on_title=not style.title_across,
        margin=style.notes.place == "margin",
    )
    document = compose(genre, rng, wants)
    fit(style, document)
    made = ENGINES[engine](document, style)
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
    options = parser.parse_args()
    engines, genres = options.engine.split(","), options.genre.split(",")
    options.out.mkdir(parents=True, exist_ok=True)
    rng = Random(options.seed)
    shift = rng.randrange(len(genres))
    plan = [engines[number % len(engines)] for number in range(options.count)]
    rng.shuffle(plan)
    for number in range(options.count):
        genre = genres[(number + shift) % len(genres)]
        engine = plan[number]
        name = f"{genre}-{engine}-{options.seed}{number:02d}"
        seed = f"{options.seed}/{number}/{genre}/{engine}"
        made, truth = agreeing(name, genre, engine, seed)
        (options.out / f"{name}.pdf").write_bytes(made.pdf)
        if options.source:
            (options.out / f"{name}.source").write_text(made.source, encoding="utf-8")
        text = json.dumps(truth, ensure_ascii=False, indent=1)
        (options.out / f"{name}.truth.json").write_text(text + "\n", encoding="utf-8")
        print(f"{name}: {truth['layout']}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
