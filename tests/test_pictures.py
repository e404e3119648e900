"""Pictures: what may be one, what pages and books make of it, and what an editor is told."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup, Tag
from PIL import Image
from pypdf import PdfReader

from archive_site.cli.main import main
from archive_site.corpus.pictures import (
    LARGEST,
    TALLEST,
    PictureInfo,
    copies_for_page,
    copy_for_book,
    name_in_book,
    picture_info,
    widths_of,
)
from archive_site.edition.format import dumps, loads, parse
from archive_site.findings import Unsound
from conftest import GOLDEN
from pictures import drawn
from sites import findings_of, site_of

LETTER = "lettre-1906"
EDITION = f"editions/{LETTER}.md"
FIGURE = '![Un pont de pierre.](images/pont.png "Le pont de Valmont")'


def with_figure(root: Path, figure: str = FIGURE, picture: bytes | None = None) -> Path:
    """The corpus in `root`, with a figure in a text of its own and, if given, its picture."""
    edition = root / "editions" / "album.md"
    edition.write_text(
        "---\nid: album\ntitle: Album\nkind: essay\ncreator: ''\ndate: '1907'\n"
        f"status: proofread\n---\n\nUn mot.\n\n{figure}\n",
        "utf-8",
    )
    (root / "images").mkdir(exist_ok=True)
    if picture:
        (root / "images" / "pont.png").write_bytes(picture)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return with_figure(
        Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")),
        FIGURE,
        drawn("PNG", 2000, 900),
    )


def told(root: Path) -> list[tuple[str, str, int]]:
    """The findings about pictures: file, code and line."""
    found = ((Path(f.path).relative_to(root).as_posix(), f) for f in findings_of(root))
    return [
        (path, f.code, f.line)
        for path, f in found
        if path.startswith("images") or path == "editions/album.md"
    ]


# ---------------------------------------------------------------- what an editor is told


def test_a_picture_as_it_must_be_is_no_finding(root: Path) -> None:
    assert told(root) == []


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        ('![](images/pont.png "Le pont")', "E027"),
        ('![…](images/pont.png "Le pont")', "E027"),
        ("![Un pont.](https://exemple.fr/pont.png)", "E028"),
        ("![Un pont.](../pont.png)", "E028"),
        ("![Un pont.](images/pont.gif)", "E028"),
        ("![Un pont.](images/pond.png)", "E028"),
        ("![Un pont.](images/pont.png)", "W059"),
        ("![Un *pont*.](images/pont.png 'Le pont')", "E024"),
        ('![Un *pont*.](images/pont.png "Le pont")', "E024"),
        ('![Un pont.](images/pont.png "Le pont"){width=50%}', "E024"),
        ('Un mot ![Un pont.](images/pont.png "Le pont") dans la phrase.', "E024"),
        ('![Un pont.](images/le pont.png "Le pont")', "E028"),
        ("![Un pont.]()", "E028"),
        ('# ![Un pont.](images/pont.png "Le pont")', "E024"),
        ("| a |\n|---|\n| ![Un pont.](images/pont.png) |", "E024"),
        ('::: stage\n![Un pont.](images/pont.png "Le pont")\n:::', "E024"),
    ],
)
def test_what_is_written_wrong_is_one_finding(root: Path, figure: str, code: str) -> None:
    with_figure(root, figure)
    found = [f for f in findings_of(root) if f.path.endswith("album.md")]
    assert {f.code for f in found} == {code}
    assert all(f.hint for f in found)
    assert found[0].line in range(12, 16)


def test_a_picture_that_is_not_there_has_a_near_name(root: Path) -> None:
    with_figure(root, "![Un pont.](images/pomt.png)")
    (found,) = (f for f in findings_of(root) if f.code == "E028")
    assert "images/pont.png" in found.hint
    (root / "images" / "pomt.png").write_bytes(drawn("PNG"))
    assert ("editions/album.md", "E028", 13) not in told(root)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "found none"),
        (b"GIF89a", "found none"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "found none"),
        (drawn("JPEG"), "found JPEG"),
        (drawn("GIF"), "found none"),
        (cut(drawn("PNG", 400, 400)), "cannot be read"),
        (drawn("PNG", 20_000, 6_000, "1"), "100 million pixels"),
    ],
)
def test_a_file_that_is_no_whole_picture(root: Path, data: bytes, says: str) -> None:
    (root / "images" / "pont.png").write_bytes(data)
    (found,) = (f for f in findings_of(root) if f.code == "E029")
    assert (found.code, Path(found.path).name) == ("E029", "pont.png")
    assert says in found.message
    assert found.hint


def test_a_fault_of_a_picture_of_two_texts_is_told_once(root: Path) -> None:
    (root / "images" / "pont.png").write_bytes(b"")
    album = (root / "editions" / "album.md").read_text("utf-8")
    other = album.replace("id: album", "id: autre")
    (root / "editions" / "autre.md").write_text(other, "utf-8")
    assert [code for _, code, _ in told(root)] == ["E029"]


@pytest.mark.parametrize(
    ("written", "code", "line"),
    [
        ("pont.png: {credit: Durand, source: https://exemple.fr}\n", "", 0),
        ("pomt.png: {credit: Durand}\n", "E028", 1),
        ("images/pont.png: {credit: Durand}\n", "E028", 1),
        ("pont.png: {credit: Durand, licence: libre}\n", "E013", 1),
        ("pont.png: Durand\n", "E015", 1),
        ("pont.png:\n  credit: [a]\n", "E015", 2),
        ("- a\n", "E015", 1),
    ],
)
def test_what_images_yaml_may_say(root: Path, written: str, code: str, line: int) -> None:
    (root / "images.yaml").write_text(written, "utf-8")
    assert told(root) == ([("images.yaml", code, line)] if code else [])


def test_a_picture_that_no_text_shows_is_not_published(root: Path) -> None:
    for name in ("autre.png", "x.tiff"):
        (root / "images" / name).write_bytes(drawn("PNG"))
    assert sorted(told(root)) == [("images/autre.png", "W058", 0), ("images/x.tiff", "W058", 0)]
    site = site_of(root)
    assert "data/images/pont.png" in site
    assert not [path for path in site if "autre" in path or "tiff" in path]


@pytest.mark.parametrize(
    ("caption", "witness"),
    [
        ("Le pont neuf", "Le pnt neuf"),
        (r"Le pont \"neuf\"", 'Le pont "nuf"'),
        ("Le pont", "Le grand pont"),
        ("Le pont", "Le pont neuf"),
        ("Le grand pont", "Le pont"),
        ("Le pont", 'Le "pont"'),
    ],
)
def test_words_changed_in_a_caption_can_be_declared(
    root: Path, caption: str, witness: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with_figure(root, f'![Un pont de pierre.](images/pont.png "{caption}")')
    edition = root / "editions" / "album.md"
    edition.write_text(edition.read_text("utf-8").replace("title:", "witness: album.txt\ntitle:"))
    data = f"Un mot.\n\n{witness}\n".encode()
    (root / "witnesses" / "album.txt").write_bytes(data)
    with (root / "witnesses" / "SHA256SUMS").open("a") as sums:
        sums.write(f"{hashlib.sha256(data).hexdigest()}  album.txt\n")
    (found,) = (f for f in findings_of(root) if f.path.endswith("album.md"))
    assert found.code in ("E033", "E034")
    assert main(["check", "--record", str(root)]) == 0
    capsys.readouterr()
    assert told(root) == []
    mark = re.search(r"declare it: (.*?\}) \(archive", found.hint)
    assert mark
    assert mark[1] in edition.read_text("utf-8")


@pytest.mark.parametrize(
    ("figure", "near"),
    [
        ("![Un pont.](pont.png)", "Write images/pont.png."),
        ("![Un pont.](../images/pont.png)", "Write images/pont.png."),
        ("![Un pont.](/images/pont.png)", "Write images/pont.png."),
    ],
)
def test_a_path_is_told_as_it_must_be(root: Path, figure: str, near: str) -> None:
    with_figure(root, figure)
    assert [f.hint for f in findings_of(root) if f.code == "E028"] == [near]


def test_a_sign_before_a_link_is_no_picture() -> None:
    text = (GOLDEN / "corpus" / EDITION).read_text("utf-8")
    text += "\n\nNon \\![ce site](https://exemple.fr).\n"
    document, findings = parse(text, "a.md")
    assert findings == []
    assert document
    assert loads(dumps(document)) == document


# ---------------------------------------------------------------- copies

FORMS: list[tuple[str, str, str]] = [
    ("a.png", "PNG", "L"), ("a.png", "PNG", "P"), ("a.png", "PNG", "1"), ("a.png", "PNG", "RGBA"),
    ("a.png", "PNG", "LA"), ("a.jpg", "JPEG", "RGB"), ("a.jpg", "JPEG", "CMYK"),
    ("a.JPEG", "JPEG", "L"), ("a.webp", "WEBP", "RGBA"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "form", "mode"), FORMS)
def test_copies_of_every_format(name: str, form: str, mode: str) -> None:
    data = drawn(form, 1000, 600, mode)
    info = picture_info(data, name, None)
    assert (info.width, info.height, info.size) == (1000, 600, len(data))
    assert widths_of(info) == (480, 960, 1000)
    copies = copies_for_page(data, info)
    assert sorted(copies) == [480, 960, 1000]
    for width, written in copies.items():
        copy = Image.open(BytesIO(written))
        assert (copy.format, copy.size) == ("WEBP", (width, round(width * 0.6)))
        assert copy.convert("L").getpixel((width // 2, 10)) in range(2, 20) or mode == "1"
    book = copy_for_book(data)
    kept = Image.open(BytesIO(book))
    assert kept.format in ("PNG", "JPEG")
    assert kept.mode != "CMYK"
    assert kept.size == (1000, 600)
    assert Image.open(BytesIO(book)).convert("L").getpixel((500, 20)) in range(4, 16) or mode == "1"
    assert name_in_book(f"images/{name}", book).lower().endswith(("png", "jpg", "jpeg"))


def test_a_picture_is_never_enlarged_and_wide_ones_are_reduced() -> None:
    small, wide = (PictureInfo(width, 10, 1, "") for width in (320, 5000))
    assert widths_of(small) == (320,)
    assert widths_of(wide) == (480, 960, 1440)
    book = Image.open(BytesIO(copy_for_book(drawn("PNG", 3000, 30))))
    assert book.size == (1440, 14)


def test_a_photograph_that_was_taken_upright_stands_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    data = drawn("JPEG", 1000, 600, exif=turned)
    info = picture_info(data, "a.jpg", None)
    assert (info.width, info.height) == (600, 1000)
    for copy in (*copies_for_page(data, info).values(), copy_for_book(data)):
        image = Image.open(BytesIO(copy))
        assert image.height > image.width
        assert not image.getexif()


@pytest.mark.parametrize(
    ("form", "size"),
    [("PNG", (20, 20_000)), ("JPEG", (1500, 20_000)), ("PNG", (2, 40_000)), ("PNG", (1, 1))],
)
def test_pictures_of_any_shape_have_copies(form: str, size: tuple[int, int]) -> None:
    data = drawn(form, *size)
    info = picture_info(data, "a.png" if form == "PNG" else "a.jpg", None)
    for width, written in copies_for_page(data, info).items():
        copy = Image.open(BytesIO(written))
        assert copy.width == width
        assert copy.height <= 2 * TALLEST
    assert Image.open(BytesIO(copy_for_book(data))).height <= 16_000


def test_what_a_picture_says_of_itself_may_be_nonsense(
    recwarn: pytest.WarningsRecorder,
) -> None:
    written = BytesIO()
    image = Image.linear_gradient("L").convert("RGB")
    image.save(written, "PNG", exif=b"garbage", icc_profile=b"nonsense" * 20)
    for name, data in {
        "a.png": written.getvalue(),
        "a.jpg": drawn("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff"),
    }.items():
        info = picture_info(data, name, None)
        copies = [*copies_for_page(data, info).values(), copy_for_book(data)]
        assert not recwarn.list
        for copy in copies:
            Image.open(BytesIO(copy)).load()
        recwarn.clear()


def test_copies_are_in_the_colours_that_readers_assume() -> None:
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for mode in ("CMYK", "RGB"):
        data = drawn("JPEG", 40, 40, mode, icc_profile=lab)
        for copy in copies_for_page(data, picture_info(data, "a.jpg", None)).values():
            assert "icc_profile" not in Image.open(BytesIO(copy)).info


def test_a_photograph_with_others_behind_it_is_a_jpeg() -> None:
    written = BytesIO()
    image = Image.linear_gradient("L").convert("RGB")
    image.save(written, "MPO", save_all=True, append_images=[image])
    data = written.getvalue()
    assert picture_info(data, "a.jpg", None).width == 256
    assert copies_for_page(data, picture_info(data, "a.jpg", None))
    assert Image.open(BytesIO(copy_for_book(data))).format == "JPEG"


def test_no_two_pictures_have_one_name_in_a_book() -> None:
    names = ["c.webp", "c.webp.jpg", "c-webp.jpg", "c.jpg", "c.jpeg", "c.png"]
    jpeg, png = drawn("JPEG"), drawn("PNG")
    made = [name_in_book(f"images/{n}", png if n.endswith("png") else jpeg) for n in names]
    assert len(set(made)) == len(names)


def test_the_largest_picture_is_measured_before_it_is_read() -> None:
    data = drawn("PNG", 10_001, 10_000, "1")
    assert LARGEST < 10_001 * 10_000
    with pytest.raises(Unsound):
        picture_info(data, "a.png", None)


# ---------------------------------------------------------------- on the page and in books


def figure_on(site: dict[str, bytes]) -> Tag:
    page = BeautifulSoup(site["textes/album/index.html"], "html.parser")
    figure = page.find("figure", class_="picture")
    assert isinstance(figure, Tag)
    return figure


def test_the_page_has_copies_of_several_widths(root: Path) -> None:
    (root / "images.yaml").write_text(
        "pont.png: {credit: Durand & Cie, source: https://exemple.fr/?a=1&b=2}\n", "utf-8"
    )
    site = site_of(root)
    figure = figure_on(site)
    image = figure.img
    assert isinstance(image, Tag)
    assert (image["width"], image["height"], image["loading"]) == ("2000", "900", "lazy")
    assert image["alt"] == "Un pont de pierre."
    listed = re.findall(r"\.\./\.\./(\S+) (\d+)w", str(image["srcset"]))
    assert [width for _, width in listed] == ["480", "960", "1440"]
    for path, width in listed:
        assert Image.open(BytesIO(site[path])).width == int(width)
    assert str(image["src"]).removeprefix("../../") in site
    assert figure["id"] == "le-pont-de-valmont"
    credit = figure.find(class_="credit")
    assert isinstance(credit, Tag)
    assert credit.get_text(" ", strip=True).startswith("Durand & Cie, exemple.fr · image originale")
    assert [a["href"] for a in credit.find_all("a")] == [
        "https://exemple.fr/?a=1&b=2",
        "../../data/images/pont.png",
    ]
    assert site["data/images/pont.png"] == (root / "images" / "pont.png").read_bytes()


def test_it_is_in_every_book_and_in_the_data(root: Path) -> None:
    (root / "images.yaml").write_text("pont.png: {credit: Durand}\n", "utf-8")
    site = site_of(root, exports=True, base_url="https://a.fr/")
    of_text = "textes/album/album"
    for name in (f"{of_text}.epub", "donnees/archive.epub"):
        book = ZipFile(BytesIO(site[name]))
        assert Image.open(BytesIO(book.read("EPUB/images/pont-png.png"))).size == (1440, 648)
        package = book.read("EPUB/package.opf").decode()
        assert 'href="images/pont-png.png" media-type="image/png"' in package
        assert '"schema:accessMode">visual<' in package
        (chapter,) = (n for n in book.namelist() if n.endswith("album-1.xhtml"))
        shown = BeautifulSoup(book.read(chapter), "html.parser").find("figure")
        assert isinstance(shown, Tag)
        assert shown.img
        assert shown.img["alt"] == "Un pont de pierre."
        assert shown.get_text(" ", strip=True) == "Le pont de Valmont Durand"
    pages = PdfReader(BytesIO(site[f"{of_text}.pdf"])).pages
    assert b"pdfuaid" in site[f"{of_text}.pdf"]
    (image,) = (image for page in pages for image in page.images)
    assert image.image
    assert image.image.size == (1440, 648)
    tei = site[f"{of_text}.xml"].decode()
    assert '<graphic url="https://a.fr/data/images/pont.png" width="2000px" height="900px"/>' in tei
    assert "<figDesc>Un pont de pierre.</figDesc>" in tei
    assert "[Image (images/pont.png) : Un pont de pierre.]" in re.sub(
        "[\u00a0\u202f]", " ", site[f"{of_text}.txt"].decode()
    )
    said = json.loads(site[f"{of_text}.json"])["blocks"][1]
    assert (said["type"], said["text"]) == ("figure", "Le pont de Valmont")
    assert said["image"]["file"] == "images/pont.png"
    (resource,) = (
        r
        for r in json.loads(site["data/datapackage.json"])["resources"]
        if r["path"] == "images/pont.png"
    )
    assert resource["mediatype"] == "image/png"
    assert resource["hash"] == f"sha256:{said['image']['sha256']}"
    assert "images/pont.png" in site["data/SHA256SUMS"].decode()


# ---------------------------------------------------------------- builds, one after another


def replace_picture(root: Path) -> None:
    """Another picture of the same size and the same number of bytes."""
    path = root / "images" / "pont.png"
    before = path.read_bytes()
    image = Image.open(BytesIO(before)).transpose(Image.Transpose.ROTATE_180)
    written = BytesIO()
    image.save(written, "PNG")
    path.write_bytes(written.getvalue())


def credit(root: Path) -> None:
    (root / "images.yaml").write_text("pont.png: {credit: Durand}\n", "utf-8")


def take_out(root: Path) -> None:
    with_figure(root, "Plus rien.")


def put_back(root: Path) -> None:
    with_figure(root)


def test_edits_of_pictures_make_what_a_first_build_makes(
    root: Path, tmp_path: Path, run_build: Callable[[Path, Path], int]
) -> None:
    output = root.parent / "build"
    assert run_build(root, output) == 0
    for edit in (replace_picture, credit, take_out, put_back, replace_picture):
        edit(root)
        assert run_build(root, output) == 0
        first = tmp_path / edit.__name__
        shutil.rmtree(first, ignore_errors=True)
        assert run_build(root, first) == 0
        assert contents(output) == contents(first), edit.__name__


@pytest.fixture
def run_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path, Path], int]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lambda root, output: main(["build", str(root), "-o", str(output), "-q"])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_a_mistake_leaves_the_site_as_it_was(
    root: Path, run_build: Callable[[Path, Path], int], capsys: pytest.CaptureFixture[str]
) -> None:
    output = root.parent / "build"
    assert run_build(root, output) == 0
    before = contents(output)
    picture = root / "images" / "pont.png"
    kept = picture.read_bytes()
    picture.write_bytes(kept[:100])
    assert run_build(root, output) == 1
    assert "E029" in capsys.readouterr().err
    assert contents(output) == before
    picture.unlink()
    assert run_build(root, output) == 1
    assert "E028" in capsys.readouterr().err
    assert contents(output) == before
    picture.write_bytes(kept)
    assert run_build(root, output) == 0
    assert contents(output) == before


def test_a_build_without_pictures_does_without_pillow(tmp_path: Path) -> None:
    program = (
        "import sys; from archive_site.cli.main import main; "
        f"main(['build', {str(GOLDEN / 'corpus')!r}, '-o', {str(tmp_path / 'b')!r}, "
        "'--no-exports', '-q']); sys.exit('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
