"""A bare pipeline, to compare with: what it costs to make plain pages and know nothing of them.

`pipeline.py SOURCE OUTPUT [--cached]`: two processes, markdown-it-py with notes, one template.
`--cached` makes only what has changed since: a text's checksum stands for its page.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template
    from markdown_it import MarkdownIt

PROCESSES = 2


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    return MarkdownIt("commonmark").use(footnote_plugin)


@cache
def _template() -> Template:
    from jinja2 import Template

    template: Template = Template(Path("page.html").read_text("utf-8"))
    return template


def make(source: Path, target: Path) -> str:
    """Make one page; its title."""
    _, matter, body = source.read_text("utf-8").split("---\n", 2)
    title = matter.partition("title: ")[2].strip()
    page = _template().render(title=title, body=_markdown().render(body))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, "utf-8")
    return title


def main(source: Path, output: Path, cached: bool) -> None:
    """Make the pages that are not there yet, and the list of all of them."""
    known_file = Path(".cache")
    known = json.loads(known_file.read_text()) if cached and known_file.exists() else {}
    sums = {path.name: hashlib.blake2b(path.read_bytes()).hexdigest() for path in source.iterdir()}
    sources = [source / name for name in sorted(sums) if known.get(name) != sums[name]]
    targets = [output / path.stem / "index.html" for path in sources]
    if len(sources) > PROCESSES:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(PROCESSES) as pool:
            list(pool.map(make, sources, targets, chunksize=16))
    else:
        list(map(make, sources, targets))
    items = "".join(f'<li><a href="{Path(name).stem}/index.html">{name}</a></li>' for name in sums)
    (output / "index.html").write_text(f"<ul>{items}</ul>", "utf-8")
    if cached:
        known_file.write_text(json.dumps(sums))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--cached" in sys.argv)
