"""Templates are compiled once and kept; nothing but time depends on it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from archive_site.files.cache import Cache
from archive_site.templating import jinja as module
from archive_site.templating.jinja import Context, rendered, templates


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where compiled templates are to be; the temporary folder lies beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return tmp_path / "cache" / "archive-site" / "templates"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An archive's own templates."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "page.html").write_text("<p>{{ 'a' ~ word }}</p>")
    return tmp_path / "own"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were compiled."""
    names: list[str] = []
    compile_ = Environment.compile

    def noted(self: Environment, source: str, name: str, *more: Any) -> object:
        names.append(name)
        return compile_(self, source, name, *more)

    monkeypatch.setattr(Environment, "compile", noted)
    return names


@dataclass(frozen=True, slots=True)
class Given(Context):
    word: str


def made(own: Path) -> bytes:
    return rendered(templates(own), "page.html", Given("<b>"))


def test_a_template_is_compiled_once(kept: Path, own: Path, compiled: list[str]) -> None:
    for _ in range(3):
        assert made(own) == b"<p>a&lt;b&gt;</p>"
    assert compiled == ["page.html"]
    assert kept.stat().st_mode & 0o777 == 0o700
    (own / "page.html").write_text("{{ word|length }}")
    for _ in range(2):
        assert made(own) == b"3"
    assert compiled == ["page.html"] * 2


def test_it_is_compiled_anew_where_the_code_is_another(
    kept: Path, own: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(own)
    monkeypatch.setattr(module, "_state", lambda: ("another",))
    made(own)
    assert len(compiled) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"word", b"wood")),
        lambda path: path.unlink() or path.mkdir(),
    ],
)
def test_a_spoiled_one_costs_time_alone(
    kept: Path, own: Path, compiled: list[str], spoil: Callable[[Path], object]
) -> None:
    made(own)
    for path in kept.iterdir():
        spoil(path)
    assert made(own) == b"<p>a&lt;b&gt;</p>"
    assert len(compiled) == 2


def test_what_is_no_code_is_not_run(
    kept: Path, own: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for held in (b"N", b"i\x01\0\0\0", b"no marshal", b""):
        monkeypatch.setattr(Cache, "kept", lambda *_, held=held: held)
        assert made(own) == b"<p>a&lt;b&gt;</p>"
    assert len(compiled) == 4


def test_another_users_is_not_run(
    kept: Path, own: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(own)
    user = os.geteuid()
    fstat = os.fstat
    monkeypatch.setattr(os, "fstat", lambda file: _of_another(fstat(file), user + 1))
    made(own)
    assert len(compiled) == 2


def _of_another(stat: os.stat_result, user: int) -> os.stat_result:
    return os.stat_result((*stat[:4], user, *stat[5:]))


def test_without_a_private_folder_nothing_is_kept(
    kept: Path, own: Path, compiled: list[str], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    kept.parent.parent.mkdir()
    kept.parent.symlink_to(outside)
    user = os.geteuid() if os.name == "posix" else 0
    (tmp_path / "tmp" / f"archive-site-{user}").write_text("mine")
    for _ in range(2):
        assert made(own) == b"<p>a&lt;b&gt;</p>"
    assert len(compiled) == 2
    assert list(outside.iterdir()) == []


def test_old_ones_go(kept: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMPILED", 6)
    for n in range(20):
        (own / "page.html").write_text(f"{n}{{{{ word }}}}")
        made(own)
        assert len(list(kept.iterdir())) <= 6
    assert made(own) == b"19&lt;b&gt;"


# ---------------------------------------------------------------- quicker than Jinja, and the same


class Shown:
    def __html__(self) -> str:
        return "<i>&</i>"


WORDS = st.text("ab&<>'\" é\x00")
VALUES = st.recursive(
    WORDS | WORDS.map(Markup) | st.integers() | st.booleans() | st.floats() | st.just(Shown()),
    lambda values: st.dictionaries(st.sampled_from(["a", "items", "b", "get"]), values),
)
SAID = {
    "{{ x }}": True,
    "{% macro said(x) %}<b>{{ x }}{{ x|string }}</b>{% endmacro %}{{ said(x) }}": True,
    "{% set both %}{{ x }}&{{ x }}{% endset %}{{ both }}": True,
    "{{ x ~ x }} {{ x|e }} {{ [x, x]|join('&') }}": True,
    "{{ x.get is defined }} {{ x.items is mapping }}": True,
    "{{ x.a }}": False,
    "{{ x.a.b }}": False,
    "{{ x['items'] }}": False,
}
"""What templates ask of a value, and whether every value has it."""


@pytest.mark.slow
@given(VALUES)
def test_values_are_shown_as_jinja_shows_them(value: object) -> None:
    ours = templates()
    ours.bytecode_cache = None
    plain = Environment(autoescape=True, undefined=StrictUndefined)
    for asked, always in SAID.items():
        shown = _said(plain.from_string(asked), value)
        assert _said(ours.from_string(asked), value) == shown
        assert not (always and shown.startswith("Undefined"))


def _said(template: Template, value: object) -> str:
    try:
        return template.render(x=value)
    except Exception as error:  # what is undefined
        return repr(error)
