"""What the index knows of a file is what reading it gives, and without it everything is the same."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from okrctl import workspace
from okrctl.cache.database import CacheDatabase
from okrctl.schema.settings import Config
from okrctl.values.errors import ConflictError
from okrctl.workspace import File, KeyResult, Kpi, Objective, Workspace, disk, index, models, packed
from okrctl.workspace.index import FileIndex
from okrctl.workspace.nodes import Node
from okrctl.yaml import LazyDocument, Source
from tests.benchmarks import corpus
from tests.running import write

ROOT = Path(__file__).parents[2]
WORKSPACES = sorted(path.parent for path in (ROOT / "examples").rglob("okrctl.yaml"))
OKRS = """\
period: {}
objectives:
  - {{id: a, title: A, owner: lea, key_results: [{{id: k, title: K, to: 10, from: 0}}]}}
"""


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> FileIndex:
    """An index that is empty at first."""
    return FileIndex(CacheDatabase(tmp_path_factory.mktemp("cache") / "files.db"))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are parsed from now on."""
    paths: list[str] = []
    real = index.read_file

    def read_file(source: Any, config: Config) -> File:
        paths.append(source[0])
        return real(source, config)

    monkeypatch.setattr(index, "read_file", read_file)
    return paths


def described(found: Workspace) -> Iterator[object]:
    """All that can be asked of a workspace, places included."""
    for file in found.files:
        yield file.path, file.kind, file.period, file.team, file.language, file.document.text
        yield file.file_problems, file.schema_problems, file.omitted, file.document.data
        for node in file.nodes:
            yield from _described(node)
    yield sorted(found.by_name), [*found.kpis], [(file.path, message) for file, message in found.broken_files]
    yield [(node.ref, found.unit(node)) for node in found.key_results]


def _described(node: Node) -> Iterator[object]:
    yield type(node), node.id, node.ref, node.route, node.owner, node.model, repr(node.model)
    yield node.file.document.span_at(node.route), node.file.entries[int(node.route[1])].id
    if isinstance(node, KeyResult | Kpi):
        yield node.readings, node.csv
    if isinstance(node, Objective):
        for inner in node.key_results:
            yield from _described(inner)


@pytest.mark.parametrize("root", WORKSPACES, ids=lambda root: root.name)
def test_a_workspace_comes_back_as_it_was_read(root: Path, kept: FileIndex, parsed: list[str]) -> None:
    fresh = [*described(disk.load_folder(root))]
    assert [*described(disk.load_folder(root, index=kept))] == fresh
    parsed.clear()
    again = disk.load_folder(root, index=kept)
    assert {*parsed} == {file.path for file in again.files if not packed.is_valid(file)}
    assert [*described(again)] == fresh
    assert [*described(disk.load_folder(root, index=kept, parsed=disk.ParsedFiles()))] == fresh


def test_after_an_edit_that_file_alone_is_parsed(tmp_path: Path, kept: FileIndex, parsed: list[str]) -> None:
    root = corpus.write(tmp_path, 30)
    disk.load_folder(root, index=kept)
    parsed.clear()
    path = "okrs/2025-Q1/team-00001.yaml"
    text = (root / path).read_text("utf-8")
    write(root, {path: text.replace("title: People", "title: Persons")})
    edited = disk.load_folder(root, index=kept)
    assert parsed == [path]
    write(root, {path: text})
    assert disk.load_folder(root, index=kept).files
    assert parsed == [path], "a text that was read before is known, whatever was there in between"
    assert "title: Persons" in next(file.document.text for file in edited.files if file.path == path)


def test_models_are_made_when_they_are_used(tmp_path: Path, kept: FileIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    root = corpus.write(tmp_path, 30)
    disk.load_folder(root, index=kept)
    loaded = disk.load_folder(root, index=kept)
    made: list[object] = []
    real = models.unpack_json
    monkeypatch.setattr(models, "unpack_json", lambda packed: made.append(packed) or real(packed))
    assert len(loaded.refs()) == len({*loaded.refs()}) > 100
    assert not made
    assert all(isinstance(file.document, LazyDocument) and "data" not in vars(file.document) for file in loaded.files)
    first = loaded.objectives[0]
    assert first.model.title and first.key_results[0].model.title
    assert len(made) == 1


def test_periods_of_no_use_are_left_aside(tmp_path: Path, kept: FileIndex) -> None:
    root = corpus.write(tmp_path, 30)
    whole = disk.load_folder(root, index=kept)
    some = disk.load_folder(root, index=kept, wants=lambda period: period.id == "2025-Q2")
    assert {node.period.id for node in some.objectives} == {"2025-Q2"}
    for name in [*some.deferred_files]:
        some.load_period(name)
    assert [*described(some)] == [*described(whole)]


@pytest.mark.parametrize("has_index", [True, False])
def test_a_text_that_changed_is_not_taken_for_the_one_that_was_read(
    tmp_path: Path, kept: FileIndex, has_index: bool
) -> None:
    path, text = "okrs/a.yaml", OKRS.format("2026-Q2")
    write(tmp_path, {path: text})
    loaded, again, gone = (
        disk.load_folder(tmp_path, index=kept if has_index else None, wants=lambda period: False) for _ in range(3)
    )
    assert loaded.files[0].document.text == text
    write(tmp_path, {path: text.replace("title: A", "title: B")})
    assert loaded.files[0].document.text == text, "what was read again is held"
    for _ in range(2):
        with pytest.raises(ConflictError, match=r"okrs/a\.yaml changed in the meantime"):
            again.files[0].document.text  # noqa: B018
    (tmp_path / path).unlink()
    with pytest.raises(ConflictError, match="changed in the meantime"):
        gone.files[0].document.span_at(("objectives",))


def test_what_the_index_knows_of_a_file_is_not_read_again(tmp_path: Path, kept: FileIndex) -> None:
    write(tmp_path, {"okrs/a.yaml": OKRS.format("2026-Q2")})
    loaded = disk.load_folder(tmp_path, index=kept, wants=lambda period: False)
    write(tmp_path, {"okrs/a.yaml": "period: 2026-Q2\nobjectives: []\n"})
    loaded.load_period("2026-Q2")
    assert [result.model.title for result in loaded.key_results] == ["K"]


def test_a_period_is_read_by_the_settings_of_today(tmp_path: Path, kept: FileIndex) -> None:
    write(tmp_path, {"okrctl.yaml": "fiscal_year: {starts: october}\n", "okrs/a.yaml": OKRS.format("FY26-Q1")})
    for settings in ("fiscal_year: {starts: october}", "fiscal_year: {starts: april}", "organisation: Acme"):
        write(tmp_path, {"okrctl.yaml": settings + "\n"})
        assert [*described(disk.load_folder(tmp_path, index=kept))] == [*described(disk.load_folder(tmp_path))]
    assert disk.load_folder(tmp_path, index=kept).broken_files


def test_a_file_with_a_problem_is_read_each_time(tmp_path: Path, kept: FileIndex, parsed: list[str]) -> None:
    write(tmp_path, {"okrs/a.yaml": OKRS.format("2026-Q2").replace("owner", "onwer"), "okrs/b.yaml": b"\xff"})
    first, second = (disk.load_folder(tmp_path, index=kept) for _ in range(2))
    assert parsed == ["okrs/a.yaml", "okrs/b.yaml"] * 2
    assert [*described(first)] == [*described(second)] == [*described(disk.load_folder(tmp_path))]


def forged(models: bytes, data: bytes = b"", names: str = '[["a",["k"]]]', period: str = '"2026-Q2"') -> bytes:
    """An entry with the checksum of a real one."""
    head = f'["okr",{period},null,null,false,{len(names)},{len(models)}]\n{names}'
    return head.encode() + models + data


FORGERIES = {
    "empty": b"",
    "no data": b"\n",
    "no list": b"null\nnull",
    "short": b"[]\n[]",
    "shorter": b'["okr"]\n[]',
    "nested": b"[" * 100_000,
    "no date": forged(b"", period='["date"]'),
    "no models": forged(b""),
    "not compressed": forged(b'["list"]'),
    "not JSON": forged(zlib.compress(b"list")),
    "no nodes": forged(zlib.compress(b"null")),
    "other nodes": forged(zlib.compress(b'["list"]')),
    "unknown kind": forged(zlib.compress(b'["list",["Eval","1"]]')),
    "no number": forged(zlib.compress(b'["list",["fraction",1,0]]')),
    "nested models": forged(zlib.compress(b"[" * 100_000)),
    "no names": forged(b"", names="["),
    "nested names": forged(b"", names="[" * 100_000),
    "names of another shape": forged(b"", names="[5]"),
    "damaged data": forged(zlib.compress(b"[]"), b"{}"),
    "nested data": forged(zlib.compress(b"[]"), zlib.compress(b"[" * 100_000)),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_entry_of_another_shape_is_read_again(tmp_path: Path, forgery: str) -> None:
    class Forged(CacheDatabase):
        def load(self, keys: Any) -> dict[bytes, bytes]:
            return dict.fromkeys(keys, FORGERIES[forgery])

    write(tmp_path, {"okrs/a.yaml": OKRS.format("2026-Q2")})
    found = disk.load_folder(tmp_path, index=FileIndex(Forged(tmp_path / "files.db")))
    assert [*described(found)] == [*described(disk.load_folder(tmp_path))]


def test_another_edition_of_okrctl_reads_again(
    tmp_path: Path, kept: FileIndex, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"okrs/a.yaml": OKRS.format("2026-Q2")})
    disk.load_folder(tmp_path, index=kept)
    monkeypatch.setattr("okrctl.cache.store.__version__", "9.9.9")
    disk.load_folder(tmp_path, index=FileIndex(kept._database))
    assert len(parsed) == 2


def test_a_program_that_runs_for_long_reads_what_changed(tmp_path: Path, kept: FileIndex, parsed: list[str]) -> None:
    root, known = corpus.write(tmp_path, 12), disk.ParsedFiles()
    first = disk.load_folder(root, parsed=known, index=kept)
    second = disk.load_folder(root, parsed=known, index=kept)
    assert len(parsed) == 12
    assert second.objectives[0] is not first.objectives[0]
    assert second.objectives[0].model is first.objectives[0].model
    write(root, {"okrs/new.yaml": OKRS.format("2026-Q2")})
    third = disk.load_folder(root, parsed=known, index=kept)
    assert len(parsed) == 13
    assert [*described(third)] == [*described(disk.load_folder(root))]


def test_a_document_has_no_other_attributes() -> None:
    document = LazyDocument("a.yaml", lambda path: "a: 1\n")
    assert not hasattr(document, "other")
    assert document.data == {"a": "1"}
    assert not hasattr(document, "other")


def test_a_node_has_no_other_attributes(tmp_path: Path) -> None:
    file = workspace.read_file(Source("a.yaml", OKRS.format("2026-Q2")), Config())
    [objective] = workspace.assemble_workspace([file], Config(), lambda path: "").objectives
    assert not hasattr(objective, "other")
