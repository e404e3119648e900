"""Have Tesseract read pictures. It is a program of the machine, not of this package."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import parent_process
from pathlib import Path

from archive_site.findings import NotPossible
from archive_site.sources.ocr.hocr import read_hocr
from archive_site.sources.ocr.pictures import PagePicture
from archive_site.sources.ocr.records import OcrPage, OcrText

PROGRAM = "tesseract"
LANGUAGE = "fra"
"""The language that it reads, by its name for it."""
MOST_SECONDS = 300
"""How long it may read one page."""
INSTALL = (
    "Install it: apt install tesseract-ocr tesseract-ocr-fra (Debian, Ubuntu), brew install "
    "tesseract tesseract-lang (macOS), or choco install tesseract (Windows; choose French). Or "
    "give a PDF with a text layer, or a file that another OCR has made (ALTO, PAGE, hOCR)."
)


@dataclass(frozen=True, slots=True)
class Tesseract:
    """Tesseract as it is installed: the path of the program, and its version."""

    path: str
    version: str

    @property
    def reader(self) -> str:
        """What the record of a derived text says: `tesseract 5.3.0 (fra)`."""
        return f"{self.version} ({LANGUAGE})"


def find_tesseract(shown: str) -> Tesseract:
    """Tesseract, with the language of the texts. Raises `NotPossible` if either is missing."""
    path = shutil.which(PROGRAM)
    if path is None:
        message = f"{shown} has no text, and Tesseract, which would read it, is not installed"
        raise NotPossible(message, INSTALL)
    version, languages = (_said(path, option) for option in ("--version", "--list-langs"))
    if LANGUAGE not in languages[1:]:
        message = f"{shown} has no text, and Tesseract, which would read it, has no French (fra)"
        raise NotPossible(message, INSTALL)
    return Tesseract(path, version[0].removesuffix("\r") if version else PROGRAM)


def _said(path: str, option: str) -> list[str]:
    try:
        run = subprocess.run([path, option], capture_output=True, timeout=MOST_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotPossible(f"{path} cannot be run: {error}", INSTALL) from error
    return (run.stdout or run.stderr).decode("utf-8", "replace").splitlines()


def read_pictures(pictures: Iterable[PagePicture], shown: str) -> OcrText:
    """What Tesseract reads in the pictures of pages. Raises `NotPossible` if it is not installed,
    or cannot read one."""
    tesseract = find_tesseract(shown)
    threads = 1 if parent_process() else os.cpu_count() or 1
    waiting = iter(pictures)
    pages: list[OcrPage] = []
    with tempfile.TemporaryDirectory(prefix="archive-site-") as folder:

        def read(numbered: tuple[int, PagePicture]) -> OcrPage:
            return _read_page(tesseract, numbered[1], Path(folder) / f"{numbered[0]}", shown)

        with ThreadPoolExecutor(threads) as executor:
            while some := list(islice(waiting, threads)):  # no more pictures at once than are read
                pages += executor.map(read, enumerate(some, start=len(pages) + 1))
    return OcrText(tuple(pages), tesseract.reader)


def _read_page(tesseract: Tesseract, picture: PagePicture, stem: Path, shown: str) -> OcrPage:
    """What one picture has; its files are deleted again."""
    source, made = stem.with_suffix(".png"), stem.with_suffix(".hocr")
    picture.image.save(source, "PNG", compress_level=1)
    command = [tesseract.path, str(source), str(stem), "-l", LANGUAGE]
    command += ["--dpi", str(picture.dpi)] if picture.dpi else []
    command += ["-c", "hocr_char_boxes=1", "hocr"]
    number = f"page {stem.name} of {shown}"
    try:
        run = subprocess.run(
            command,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
        if run.returncode or not made.exists():
            said = run.stderr.decode("utf-8", "replace").strip().splitlines()
            message = f"Tesseract cannot read {number}: {said[-1] if said else 'it says nothing'}"
            raise NotPossible(
                message, "Check that the picture opens, and that the disk is not full."
            )
        pages = read_hocr(made.read_bytes(), number).pages
    except subprocess.TimeoutExpired as error:
        message = f"Tesseract has not read {number} in {MOST_SECONDS} s"
        raise NotPossible(
            message, "Scan it again, or give a file that another OCR has made."
        ) from error
    finally:
        source.unlink(missing_ok=True)
        made.unlink(missing_ok=True)
    width, height = picture.image.size
    found = pages[0] if pages else OcrPage(width, height, ())
    return found if picture.dpi else replace(found, points=0.0)
