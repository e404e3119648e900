"""The floor: `floor.py SOURCE OUTPUT` reads every text and writes it where a page would be."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    source, output = Path(sys.argv[1]), Path(sys.argv[2])
    for path in source.iterdir():
        page = output / path.stem / "index.html"
        page.parent.mkdir(parents=True)
        page.write_bytes(path.read_bytes())
