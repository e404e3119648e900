"""Parsers of Markdown, for context: `parsers.py NAME FILE...` prints how many MB a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

SECONDS = 1.0
"""Each parses the texts again and again for so long."""


PARSERS: dict[str, Callable[[], Callable[[str], object]]] = {
    "markdown-it-py": lambda: import_module("markdown_it").MarkdownIt("commonmark").render,
    "mistune": lambda: import_module("mistune").create_markdown(),
    "Markdown": lambda: import_module("markdown").markdown,
    "mistletoe": lambda: import_module("mistletoe").markdown,
    "cmarkgfm": lambda: import_module("cmarkgfm").markdown_to_html,
    "comrak": lambda: import_module("comrak").render_markdown,
    "pyromark": lambda: import_module("pyromark").html,
}
"""What turns a text into HTML, by the package's name."""

if __name__ == "__main__":
    parse = PARSERS[sys.argv[1]]()
    texts = [Path(path).read_text("utf-8") for path in sys.argv[2:]]
    size = sum(len(text.encode()) for text in texts) / 1e6
    parse(texts[0])
    rounds, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        for text in texts:
            parse(text)
        rounds += 1
    print(size * rounds / (time.perf_counter() - started))
