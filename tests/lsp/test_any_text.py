"""No text, whole or half-typed, and no place in it makes a request fail, and every place that is answered is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pytest_lsp")

from lsprotocol import types
from pygls.protocol import default_converter

from okrctl.lsp.buffers import Buffer, OpenWorkspaces, View
from okrctl.lsp.code_actions import list_code_actions
from okrctl.lsp.completion import list_completions
from okrctl.lsp.diagnostics import DiagnosticWriter
from okrctl.lsp.edits import build_rename_edit, prepare_rename
from okrctl.lsp.hover import describe_place
from okrctl.lsp.navigation import find_definition, find_highlights
from okrctl.lsp.positions import Positions
from okrctl.values.errors import OkrctlError
from tests.lsp.clients import CONFIG, FILES, KPI, TODAY, WEB
from tests.running import write

PIECES = (
    *"'\"[]{}:#|>?~\t\n\r\\🚀ä\u2028\x85\x0c\x00\ufeff\ud83d",
    *("\r\n", ": ", "- ", " #", "&a ", "*a", "<<: ", "!x ", "\n  - ", "\n    x", "[[[[", "null", "2026-05-01: "),
    *("id: fast", "parent: web/fast.share", "formula: a + visits", "kpis:", "objectives:", "period: 2026"),
)
CAPABILITIES = types.ClientCapabilities()
MESSAGES = default_converter()


@st.composite
def mangled(draw: st.DrawFn) -> tuple[str, str, int]:
    """A path, its text after some typing, and an offset in it."""
    path = draw(st.sampled_from([WEB, KPI, CONFIG]))
    text = FILES[path]
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[end:]
    if draw(st.booleans()):
        text = text[: draw(st.integers(0, len(text)))]
    return path, text, draw(st.integers(0, len(text)))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("goals")
    write(folder, FILES)
    return folder


def open_view(root: Path, path: str, text: str) -> View:
    buffer = Buffer((root / path).as_uri(), root / path, 1, text)
    return OpenWorkspaces({"OKRCTL_TODAY": TODAY}).view(root, [buffer], None)


def ranges(answer: Any) -> Iterator[dict[str, Any]]:
    """Every range in an answer as it is sent."""
    if isinstance(answer, dict):
        if {"start", "end"} <= answer.keys():
            yield answer
        for value in answer.values():
            yield from ranges(value)
    elif isinstance(answer, list | tuple):
        for value in answer:
            yield from ranges(value)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mangled())
def test_every_request_is_answered(root: Path, typed: tuple[str, str, int]) -> None:
    path, text, offset = typed
    view = open_view(root, path, text)
    place = view.positions(path, text).position(offset)
    here = types.Range(place, place)
    params = types.CodeActionParams(types.TextDocumentIdentifier(view.uri(path)), here, types.CodeActionContext([]))
    answers = [
        DiagnosticWriter(view, view.check(), CAPABILITIES).by_path().get(path, []),
        describe_place(view, path, offset),
        list_completions(view, path, offset),
        find_definition(view, path, offset),
        find_highlights(view, path, offset),
        list_code_actions(view, path, params, CAPABILITIES),
    ]
    try:
        answers += [
            prepare_rename(view, path, offset),
            build_rename_edit(view, path, offset, "x", CAPABILITIES),
        ]
    except OkrctlError as error:
        assert error.message
    lines = len(Positions(text)._starts)
    for answer in MESSAGES.unstructure(answers):
        for found in ranges(answer):
            start, end = (tuple(found[side].values()) for side in ("start", "end"))
            assert (0, 0) <= start <= end and end[0] <= max(lines, 30)


@given(
    st.text(st.sampled_from("ab ä🚀\u2028\x85\x0c\r\n\ufeff"), max_size=30),
    st.sampled_from(["utf-8", "utf-16", "utf-32"]),
)
def test_each_place_leads_back_to_itself(text: str, encoding: str) -> None:
    positions = Positions(text, encoding, has_mark=True)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":
            assert positions.offset(positions.position(offset)) == offset


@given(st.text(st.sampled_from("aä🚀\r\n"), max_size=20), st.integers(0, 9), st.integers(0, 99))
def test_a_place_beyond_the_text_is_its_end(text: str, line: int, character: int) -> None:
    offset = Positions(text).offset(types.Position(line, character))
    assert 0 <= offset <= len(text)
