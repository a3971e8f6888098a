"""How often a request reads the files."""

from __future__ import annotations

from typing import Any

import pytest

from okrctl.workspace import disk, index
from tests.server.client import Client
from tests.server.test_draft import TYPED
from tests.server.worlds import GOALS_FILE


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """An item for each time that the files on the disk are read into a workspace."""
    found: list[object] = []
    load = disk.load_folder

    def load_and_note(root: object, texts: object = None, **options: object) -> object:
        found.extend([] if texts else [root])
        return load(root, texts, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(disk, "load_folder", load_and_note)
    return found


@pytest.mark.parametrize("page", ["/", "/periods/2026-Q2", "/kpis/revenue", "/alignment", "/impact", "/draft"])
def test_a_page_reads_the_files_once(server: Client, reads: list[object], page: str) -> None:
    assert server.get(page).status == 200 and len(reads) == 1


def test_the_rules_for_a_draft_are_asked_of_files_that_are_read_once(server: Client, reads: list[object]) -> None:
    form = server.form("/draft")
    reads.clear()
    assert server.post("/draft/check", form.with_values(TYPED)).status == 200
    assert len(reads) == 1


def test_a_form_that_is_saved_reads_them_again_under_the_lock(server: Client, reads: list[object]) -> None:
    form = server.form("/draft")
    reads.clear()
    assert server.submit(form, form.with_values(TYPED), "save").status == 303
    assert len(reads) > 1


def test_the_rules_for_a_draft_parse_only_the_file_that_it_is_added_to(
    server: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    read = index.read_file

    def read_and_note(source: Any, *more: Any) -> Any:
        parsed.append(source.path)
        return read(source, *more)

    form = server.form("/draft")
    monkeypatch.setattr(index, "read_file", read_and_note)
    fields = form.with_values({**TYPED, "period": "2026-Q2", "parent": ""})
    assert server.post("/draft/check", fields).status == 200
    assert set(parsed) == {GOALS_FILE}
