"""The pages of the documentation say what happens."""

from __future__ import annotations

import shutil
from pathlib import Path

from guide import walk

DOCS = Path(__file__).parents[1] / "docs"


def test_from_a_pdf_to_a_page(tmp_path: Path) -> None:
    shutil.copy(DOCS / "from-pdf" / "tisseurs.pdf", tmp_path)
    steps = list(walk((DOCS / "from-a-pdf-to-a-page.md").read_text("utf-8"), tmp_path))
    for step in steps:
        assert step.agrees, (
            f"$ {step.command}\n{''.join(step.said)}\nThe page says:\n{step.expected}"
        )
    assert len(steps) == 6
    built = steps[-1].folder / "build" / "textes" / "tisseurs" / "index.html"
    assert "Vous n’êtes plus ici les maîtres" in built.read_text("utf-8")
