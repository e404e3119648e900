"""Makes a scan of a PDF: skewed, noisy images of its pages under the text that Tesseract reads."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from shutil import which

from PIL import Image, ImageChops, ImageFilter


@dataclass
class Scanner:
    """How pages are scanned."""

    dpi: int
    skew: float
    """The most that a page is turned, in degrees."""
    noise: float
    blur: float
    levels: str
    """two, grey or paper: black and white, grey, or the colour of old paper."""
    spread: bool
    """Whether two pages stand side by side."""
    shadow: bool

    def described(self) -> str:
        """A line that tells how."""
        return (
            f"scanned at {self.dpi} dpi, {self.levels}, skew {self.skew:.1f}°"
            f"{', two pages side by side' if self.spread else ''}"
        )


def scanner(rng: Random, single: bool) -> Scanner:
    """A scanner by chance."""
    return Scanner(
        dpi=rng.choice((200, 240, 300, 300)),
        skew=rng.choice((0.2, 0.5, 0.9)),
        noise=rng.choice((6, 12, 20)),
        blur=rng.choice((0, 0.4, 0.7)),
        levels=rng.choice(("two", "grey", "paper")),
        spread=single and rng.random() < 0.2,
        shadow=rng.random() < 0.3,
    )


def pictures(pdf: bytes, how: Scanner, rng: Random) -> list[Image.Image]:
    """The pages as the scanner sees them."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=how.dpi / 72).to_pil().convert("L") for page in document]
    document.close()
    if how.spread:
        pairs = [pages[:1], *(pages[at : at + 2] for at in range(1, len(pages), 2))]
        pages = [side_by_side(pair) for pair in pairs]
    return [worn(page, how, rng) for page in pages]


def side_by_side(pages: list[Image.Image]) -> Image.Image:
    """Two pages of an open book; a first page stands on the right."""
    width, height = pages[0].size
    sheet = Image.new("L", (2 * width, height), 255)
    if len(pages) == 1:
        sheet.paste(pages[0], (width, 0))
    for at, page in enumerate(pages[:2] if len(pages) == 2 else []):
        sheet.paste(page, (at * width, 0))
    return sheet


def worn(page: Image.Image, how: Scanner, rng: Random) -> Image.Image:
    """A page turned, with noise, specks, a shadow at a side."""
    page = page.rotate(
        rng.uniform(-how.skew, how.skew), Image.Resampling.BICUBIC, expand=False, fillcolor=255
    )
    if how.blur:
        page = page.filter(ImageFilter.GaussianBlur(how.blur * how.dpi / 200))
    noise = Image.effect_noise(page.size, how.noise)
    page = ImageChops.add(page, noise, scale=1.0, offset=-128)
    if how.shadow:
        shade = Image.linear_gradient("L").rotate(90).resize(page.size)
        page = ImageChops.multiply(page, shade.point(lambda value: min(255, 120 + 6 * value)))
    for _ in range(rng.randint(5, 40)):
        x, y = rng.randrange(page.width - 3), rng.randrange(page.height - 3)
        page.paste(rng.randint(0, 120), (x, y, x + rng.randint(1, 3), y + rng.randint(1, 3)))
    if how.levels == "two":
        limit = rng.randint(135, 175)
        return page.point(lambda value: 255 if value > limit else 0).convert("1")
    if how.levels == "paper":
        tint = Image.new("RGB", page.size, (243, 233, 208))
        return ImageChops.multiply(page.convert("RGB"), tint)
    return page


def available() -> bool:
    """Whether Tesseract is there."""
    return which("tesseract") is not None


def scanned(pdf: bytes, how: Scanner, rng: Random) -> bytes:
    """The scan as a PDF, with an invisible text."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for at, picture in enumerate(pictures(pdf, how, rng)):
            kind = "png" if how.levels == "two" else "jpg"
            path = Path(folder) / f"{at:03d}.{kind}"
            written = BytesIO()
            options = {} if kind == "png" else {"quality": 55}
            picture.save(written, "PNG" if kind == "png" else "JPEG", dpi=(how.dpi,) * 2, **options)
            path.write_bytes(written.getvalue())
            names.append(str(path))
        pages = Path(folder) / "pages.txt"
        pages.write_text("\n".join(names) + "\n", encoding="utf-8")
        out = Path(folder) / "scan"
        subprocess.run(
            ["tesseract", str(pages), str(out), "-l", "fra", "--dpi", str(how.dpi), "pdf"],
            check=True, capture_output=True, env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        return out.with_suffix(".pdf").read_bytes()
