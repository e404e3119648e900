"""`pack` and `state`: what comes back is what was put there; nothing but time depends on them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.build import state
from archive_site.build.build import BuildRequest, build
from archive_site.build.publish import Stamp
from archive_site.build.state import (
    Analysed,
    Built,
    Input,
    Memory,
    State,
    Store,
    StoredOutput,
    StoredValue,
)
from archive_site.files.cache import cache_folder
from archive_site.files.pack import Damaged, Pack, Span, decoded, digest, digest_of, encoded
from archive_site.findings import Finding, NotPossible, Unsound
from conftest import GOLDEN, ROOT
from twice import differences, files_of, made_whole

PARTS = st.lists(st.binary(max_size=300), max_size=20)

# ---------------------------------------------------------------- pack


@given(parts=PARTS, more=PARTS)
def test_bytes_come_back(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], more: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("pack") / "pack"
    for pack in (Pack(), Pack(path)):
        spans = [pack.add(part) for part in parts]
        assert [pack.read(span) for span in reversed(spans)] == parts[::-1]
        assert pack.size == sum(map(len, parts))
        pack.close()
    size = path.stat().st_size
    again = Pack(path, size)
    spans += [again.add(part) for part in more]
    assert [again.read(span) for span in spans] == [*parts, *more]
    again.close()


def test_what_stands_behind_what_is_whole_is_overwritten(tmp_path: Path) -> None:
    pack = Pack(tmp_path / "pack")
    kept, lost = pack.add(b"kept"), pack.add(b"lost")
    pack.close()
    again = Pack(tmp_path / "pack", kept.size)
    new = again.add(b"new")
    assert (again.read(kept), again.read(new)) == (b"kept", b"new")
    with pytest.raises(Damaged):
        again.read(lost)
    again.close()


def test_bytes_within_bytes(tmp_path: Path) -> None:
    pack = Pack(tmp_path / "pack")
    pack.add(b"before")
    whole = pack.add(b"one two")
    assert pack.read(Span(4, 3, digest(b"two")), whole.start) == b"two"
    with pytest.raises(Damaged):
        pack.read(Span(4, 3, digest(b"twO")), whole.start)
    pack.close()


@given(data=st.binary(min_size=1, max_size=200), at=st.integers(0, 199), bit=st.integers(0, 7))
def test_a_changed_bit_or_a_missing_byte_is_found_out(data: bytes, at: int, bit: int) -> None:
    pack = Pack()
    span = pack.add(data)
    place = at % len(data)
    damaged = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
    for other in (damaged, data[:place]):
        with pytest.raises(Damaged):
            _holding(other).read(span)


def _holding(data: bytes) -> Pack:
    pack = Pack()
    pack.add(data)
    return pack


def test_digests_tell_values_apart() -> None:
    """Those that would be alike as text, or one after another."""
    values: list[Any] = [
        ("ab", "c"), ("a", "bc"), ("abc",), (b"abc",), (["abc"],), ("1",), (1,), (None,), ("",),
        (), ((),), ({},), ({"a": 1, "b": 2},), ({"b": 2, "a": 1},), (True,), (1.5,),
    ]  # fmt: skip
    assert len({digest_of(*value) for value in values}) == len(values)


# ---------------------------------------------------------------- state

TEXT, BYTES, SIZE = st.text(max_size=8), st.binary(max_size=8), st.integers(0, 1 << 40)
SPAN = st.builds(Span, SIZE, SIZE, BYTES)
FINDING = st.builds(Finding, TEXT, st.integers(0, 9), TEXT, TEXT, TEXT)
FINDINGS = st.lists(FINDING, max_size=2).map(tuple)
MAYBE_SPAN = st.none() | SPAN
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
INPUT = st.builds(Input, SIZE, st.lists(SIZE, max_size=4).map(tuple), TEXT)
ANALYSED = st.builds(Analysed, BYTES, TEXT, TEXT, TEXTS, MAYBE_SPAN, MAYBE_SPAN, FINDINGS)
STORED = st.builds(
    StoredOutput,
    BYTES,
    st.dictionaries(TEXT, SIZE, max_size=3),
    st.dictionaries(TEXT, SPAN, max_size=3),
    MAYBE_SPAN,
    FINDINGS,
)
BUILT = st.builds(Built, SIZE, SIZE, SIZE, st.frozensets(TEXT, max_size=3), FINDINGS)
STATES = st.builds(
    State,
    TEXT,
    st.dictionaries(TEXT, INPUT, max_size=3),
    st.dictionaries(TEXT, ANALYSED, max_size=3),
    st.none() | st.builds(StoredValue, BYTES, SPAN),
    st.dictionaries(TEXT, STORED, max_size=3),
    st.dictionaries(TEXT, st.builds(Stamp, SIZE, SIZE), max_size=3),
    st.just(0),
    BYTES,
    st.none() | BUILT,
)


@given(kept=STATES)
def test_the_state_comes_back(tmp_path_factory: pytest.TempPathFactory, kept: State) -> None:
    folder = tmp_path_factory.mktemp("state")
    with Store(folder, kept.program) as store:
        store.state = kept
        store.save()
    with Store(folder, kept.program) as store:
        assert store.state == kept
        assert list(store.state.texts) == list(kept.texts)
        assert list(store.state.outputs) == list(kept.outputs)
    with Store(folder, f"{kept.program}, another") as store:  # but for what the output is like
        assert store.state == State(f"{kept.program}, another", stamps=kept.stamps)


def filled(folder: Path, count: int = 40) -> Store:
    """A store with so many texts and outputs."""
    store = Store(folder, "p")
    for n in range(count):
        span = store.pack.add(b"text %d " % n * 20)
        store.state.texts[f"{n}"] = Analysed(b"k", "", "", (), span, Span(0, 6, b""))
        facts = {"a": store.pack.add(b"fact %d" % n), "b": store.pack.add(b"")}
        links = store.pack.add(b"links %d" % n) if n % 2 else None
        store.state.outputs[f"{n}"] = StoredOutput(b"k", {f"{n}.html": n}, facts, links)
    store.state.common = StoredValue(b"c", store.pack.add(b"common"))
    return store


def bytes_of(store: Store) -> list[bytes]:
    """All that a store refers to, in order."""
    return [store.pack.read(span) for span in state._spans(store.state)]


@pytest.mark.parametrize("name", ["state", "pack"])
@pytest.mark.parametrize("left", [0.0, 0.01, 0.5, 0.99])
def test_a_file_that_is_cut_short_is_as_none(tmp_path: Path, name: str, left: float) -> None:
    with filled(tmp_path) as store:
        store.save()
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(left * len(data))])
    with Store(tmp_path, "p") as store:
        assert store.state == State("p")
        assert store.pack.size == 0
        span = store.pack.add(b"new")
        assert store.pack.read(span) == b"new"
        store.save()
    with Store(tmp_path, "p") as store:
        assert store.pack.read(span) == b"new"


def test_a_file_that_is_gone_or_a_folder_is_as_none(tmp_path: Path) -> None:
    for name in ("state", "pack"):
        with filled(tmp_path) as store:
            store.save()
        (tmp_path / name).unlink()
        with Store(tmp_path, "p") as store:
            assert store.state == State("p")
    state.forget(tmp_path)
    state.forget(tmp_path)
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- what is needed no more


@pytest.fixture
def spare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which little is spared."""
    monkeypatch.setattr(state, "_SPARE", 100)
    return tmp_path


def worn(folder: Path) -> Store:
    """A store most of whose bytes nothing refers to."""
    store = filled(folder, 100)
    store.save()
    for n in range(90):
        del store.state.texts[f"{n}"], store.state.outputs[f"{n}"]
    return store


def test_what_is_needed_stays_and_the_rest_goes(spare: Path) -> None:
    with worn(spare) as store:
        before, size = bytes_of(store), store.pack.size
        names = list(store.state.texts), list(store.state.outputs)
        store.tidy()
        assert bytes_of(store) == before
        assert store.pack.size == sum(map(len, before)) < size / 3
        span = store.pack.add(b"more")
        store.save()
    assert {path.name for path in spare.iterdir()} == {"pack", "state"}
    assert (spare / "pack").stat().st_size == store.pack.size
    with Store(spare, "p") as store:
        assert bytes_of(store) == before
        assert store.pack.read(span) == b"more"
        assert (list(store.state.texts), list(store.state.outputs)) == names


def test_what_is_little_stays(spare: Path) -> None:
    with filled(spare) as store:
        pack, size = store.pack, store.pack.size
        store.tidy()
        assert (store.pack, store.pack.size) == (pack, size)
    with Store(None, "p") as store:
        store.pack.add(b"x" * 10_000)
        store.tidy()
        assert store.pack.size == 10_000


def test_what_is_damaged_is_found_out_when_it_is_moved(spare: Path) -> None:
    with worn(spare) as store:
        path = spare / "pack"
        data = path.read_bytes()
        path.write_bytes(data.replace(b"text 95", b"text 59", 1))
        with pytest.raises(Damaged):
            store.tidy()
    state.forget(spare)
    assert list(spare.iterdir()) == []


class Killed(BaseException):
    """Stands for a kill."""


def test_a_kill_between_the_new_pack_and_its_state(spare: Path) -> None:
    """The state is that of the former pack: each reading finds it out."""
    with worn(spare) as store:
        spans = list(state._spans(store.state))
        store.tidy()
    with Store(spare, "p") as store:
        assert store.state.texts == {} or list(state._spans(store.state)) != spans
        for span in state._spans(store.state):
            with pytest.raises(Damaged):
                store.pack.read(span)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BuildRequest:
    """An archive that was built several times, with a pack of which little is needed."""
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    asked = BuildRequest(tmp_path / "corpus", tmp_path / "site", exports=False, jobs=1)
    for n in range(4):
        titled(asked, f"Titre {n}")
        build(asked)
    monkeypatch.setattr(state, "_SPARE", -(1 << 30))
    return asked


def titled(asked: BuildRequest, title: str) -> None:
    site = asked.corpus / "site.yaml"
    site.write_text(re.sub("(?m)^title: .*", f"title: {title}", site.read_text("utf-8")), "utf-8")


def test_a_tidy_cache_is_as_good(asked: BuildRequest) -> None:
    pack = cache_folder(asked.output) / "pack"
    size = pack.stat().st_size
    titled(asked, "Autre")
    build(asked)
    assert pack.stat().st_size < size
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    assert build(asked).changed == frozenset()
    titled(asked, "Encore autre")
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


@pytest.mark.parametrize("step", ["replace", "save"])
def test_a_build_that_is_killed_while_it_tidies_costs_time_only(
    asked: BuildRequest, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the new pack is put in the place of the former one; before its state is saved."""

    def killed(*_: object) -> None:
        raise Killed

    real_tidy = Store.tidy

    def tidy(store: Store) -> None:
        if step == "save":
            monkeypatch.setattr(Store, "save", killed)
        else:
            monkeypatch.setattr(Path, "replace", killed)
        real_tidy(store)

    titled(asked, "Autre")
    monkeypatch.setattr(Store, "tidy", tidy)
    with pytest.raises(Killed):
        build(asked)
    monkeypatch.undo()
    titled(asked, "Encore autre")
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    assert build(asked).changed == frozenset()


# ---------------------------------------------------------------- in the memory of a server


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that builds forgot, since they were damaged."""
    found: list[Path] = []
    monkeypatch.setattr("archive_site.build.build.forget", found.append)
    return found


def test_what_is_remembered_is_what_was_saved(
    asked: BuildRequest, forgotten: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that ends in its midst leaves nothing in memory that is not in the files."""
    memory = Memory()
    build(asked, memory=memory)
    letter = asked.corpus / "editions" / "lettre-1906.md"
    speech = asked.corpus / "editions" / "discours-1905.md"
    words = letter.read_text("utf-8")
    for n in range(3):
        said = re.sub("(?m)^summary: .*", f"summary: Résumé {n}.", speech.read_text("utf-8"))
        speech.write_text(said, "utf-8")
        letter.write_text(f"{words}\nFin {n}.\n", "utf-8")
        _changing_when_read(letter, monkeypatch)
        with pytest.raises(NotPossible, match="changed while"):
            build(asked, memory=memory)
        monkeypatch.undo()
        monkeypatch.setattr("archive_site.build.build.forget", forgotten.append)
        titled(asked, f"Titre {n}")
        build(asked, memory=memory)
        assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    assert forgotten == []


def _changing_when_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a file change when it is read to be analysed."""
    real, seen = Path.read_bytes, list[Path]()

    def read_bytes(path: Path) -> bytes:
        if path == file:
            seen.append(path)
            if len(seen) == 3:
                path.write_bytes(real(path) + b"\nMot.\n")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


def test_what_is_remembered_gives_way_to_what_another_process_saved(asked: BuildRequest) -> None:
    memory = Memory()
    build(asked, memory=memory)
    first = files_of(asked.output)
    titled(asked, "Autre")
    build(asked)  # another process
    titled(asked, "Titre 3")
    build(asked, memory=memory)
    assert files_of(asked.output) == first
    state.forget(cache_folder(asked.output))
    titled(asked, "Encore autre")
    build(asked, memory=memory)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def test_findings_and_remembering(asked: BuildRequest, forgotten: list[Path]) -> None:
    """What stops a build, mended, with a memory: the site is right, and no time is lost."""
    memory = Memory()
    letter = asked.corpus / "editions" / "lettre-1906.md"
    words = letter.read_text("utf-8")
    for n in range(3):
        letter.write_text(words.replace("Mon ami", f"Mon ami {n}[^9]"), "utf-8")
        with pytest.raises(Unsound):
            build(asked, memory=memory)
        letter.write_text(words.replace("Mon ami", f"Mon ami {n}"), "utf-8")
        build(asked, memory=memory)
        assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    assert forgotten == []


# ---------------------------------------------------------------- plain data

RUNS = re.compile(
    r"\b(?:c?[Pp]ickle|dill|marshal|shelve|jsonpickle|cloudpickle)\b"
    r"|(?<![\w.])(?:eval|exec|compile|__import__)\("
    r"|yaml\.(?:load|full_load|unsafe_load)(?:_all)?\("
)


def test_nothing_in_the_package_reads_what_could_run() -> None:
    """But for compiled templates, which are code, and lie where the user alone can write."""
    found = {
        path.name: set(RUNS.findall(path.read_text("utf-8")))
        for path in (ROOT / "src" / "archive_site").rglob("*.py")
    }
    assert {name: runs for name, runs in found.items() if runs} == {"jinja.py": {"marshal"}}


def test_what_is_kept_is_of_plain_types() -> None:
    """The records that the state has are read back by their types, of which none takes anything."""
    seen: set[object] = set()
    waiting: list[Any] = [State]
    while waiting:
        kind = waiting.pop()
        assert kind is not Any and kind is not object
        if kind in seen:
            continue
        seen.add(kind)
        waiting += getattr(kind, "__args__", ())
        waiting += _types_of(kind)
    assert {StoredOutput, Analysed, Finding, Stamp, Span} <= seen


def _types_of(kind: Any) -> Iterator[Any]:
    import typing

    if is_dataclass(kind) or hasattr(kind, "__struct_fields__"):
        hints = typing.get_type_hints(kind)
        names = (
            [field.name for field in fields(kind)] if is_dataclass(kind) else kind.__struct_fields__
        )
        yield from (hints[name] for name in names)


def test_records_come_back_as_their_types() -> None:
    finding = Finding("p", 1, "E001", "m")
    assert decoded(encoded([finding]), list[Finding]) == [finding]
    with pytest.raises(Exception, match="Expected"):
        decoded(encoded(["p"]), list[Finding])
