"""Small archives on a disk, one edition a string."""

from __future__ import annotations

from pathlib import Path

PICTURES = Path(__file__).parent / "kinds" / "corpus" / "images"
MATTER = """---
id: {id}
title: Un texte
kind: essay
creator: ''
date: ''
{more}
---

"""


def edition(text_id: str, body: str, more: str = "") -> str:
    """An edition; `more` has other lines of its front matter, from line 7."""
    return MATTER.format(id=text_id, more=more) + body


def aliases_of(pairs: dict[str, str]) -> str:
    """Aliases as lines of the front matter, each on its own."""
    lines = "\n".join(f"  '{old}': '{new}'" for old, new in pairs.items())
    return f"aliases:\n{lines}"


def archive(folder: Path, **editions: str) -> Path:
    """A corpus in `folder` that has these editions, by id, and a picture."""
    root = folder / "corpus"
    for name in ("editions", "images"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "images" / "pont.png").write_bytes(next(PICTURES.glob("*.png")).read_bytes())
    (root / "site.yaml").write_text("title: Petite archive\n", "utf-8")
    for path in (root / "editions").iterdir():
        path.unlink()
    for name, text in editions.items():
        (root / "editions" / f"{name}.md").write_text(text, "utf-8")
    return root
