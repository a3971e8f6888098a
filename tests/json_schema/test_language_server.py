"""Tests of the YAML language server with the settings and schemas of a new workspace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from okrctl import json_schema
from okrctl.json_schema.enums import WorkspaceNames
from okrctl.templates import init
from tests.json_schema.language_server import WHERE, LanguageServer, found

pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(found() is None, reason=f"no Node.js, or no YAML language server below {WHERE}"),
]
EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = WorkspaceNames(
    ["lea", "sales"], ["ops", "product"], ["nps", "queries"], ["2026/company/grow"], ["codes", "returns"]
)
GOAL = "period: 2026-Q2\nobjectives:\n  - id: origin\n    title: Customers know\n"
RESULT = GOAL + "    key_results:\n      - id: codes\n        title: Codes requested\n"
GAUGE = "kpis:\n  - id: nps\n    title: They tell others\n"


class Editor:
    """An editor in which one file after another is opened; `|` in a text is the place of the cursor."""

    def __init__(self, server: LanguageServer) -> None:
        self.server = server
        self.opened = 0

    def says(self, text: str, folder: str = "okrs") -> list[tuple[int, int, str]]:
        """The complaints, each with line and column from 1."""
        starts = [(one["range"]["start"], one["message"]) for one in self._open(text, folder)[1]]
        return [(start["line"] + 1, start["character"] + 1, message) for start, message in starts]

    def proposes(self, text: str, folder: str = "okrs") -> list[dict[str, Any]]:
        return self.server.complete(self._open(text, folder)[0], *place(text))

    def labels(self, text: str, folder: str = "okrs") -> list[str]:
        return [one["label"] for one in self.proposes(text, folder)]

    def shows(self, text: str, folder: str = "okrs") -> str:
        return self.server.hover(self._open(text, folder)[0], *place(text))

    def _open(self, text: str, folder: str) -> tuple[str, list[dict[str, Any]]]:
        self.opened += 1
        path = f"{folder}/{self.opened}.yaml"
        return path, self.server.open(path, text.replace("|", "", 1))


def place(text: str) -> tuple[int, int]:
    before = text[: text.index("|")]
    return before.count("\n"), len(before.rpartition("\n")[2])


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    root = tmp_path_factory.mktemp("workspace")
    written = init.editor_files() | init.schema_files(
        {kind: json_schema.render_schema(kind, NAMES) for kind in json_schema.KINDS}
    )
    for path, text in written.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, "utf-8")
    schemas = json.loads(written[".vscode/settings.json"])["yaml.schemas"]
    with LanguageServer(root, {"validate": True, "hover": True, "completion": True, "schemas": schemas}) as server:
        yield Editor(server)


def test_a_valid_file_has_no_diagnostics(editor: Editor) -> None:
    assert editor.says(RESULT + "        to: 25000\n        readings: {2026-04-13: 1200}\n") == []
    assert editor.says(GAUGE + "    better: higher\n", "kpis") == []


def test_a_new_workspace_has_no_diagnostics(editor: Editor) -> None:
    files = init.workspace_files(init.InitOptions("Acme", "product", "Product"), date(2026, 4, 6))
    for path, text in files.items():
        assert editor.server.open(path, text) == [], path


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("        to: 5\n        onwer: lea\n", 9, 9, "Property onwer is not allowed."),
        ("        to: 5\n        due: 2026-13-40\n", 9, 14, "expected a date such as 2026-04-13"),
        ("        to: 5\n        done: false\n", 9, 15, "'to' and 'done' are different measures"),
        ("        change: -5%\n", 6, 9, "`change` needs `from` or `kpi`"),
        ("        to: 1,000\n", 8, 13, "expected a number such as 1200, 4.3, 72% or $200k, or TBD"),
        ("        done: maybe\n", 8, 15, "expected false, or the date when it was done"),
        ("        to: 5\n        state: actve\n", 9, 16,
         'Value is not accepted. Valid values: "draft", "active", "deprioritized", "postponed".'),
    ],
)  # fmt: skip
def test_a_mistake_gets_the_right_message(editor: Editor, text: str, line: int, column: int, message: str) -> None:
    assert editor.says(RESULT + text) == [(line, column, message)]


def test_a_missing_measure_is_named(editor: Editor) -> None:
    [(line, column, message)] = editor.says(RESULT)
    assert (line, column) == (6, 9)
    assert message.startswith("this key result has no measure: add one of `to`, `change`")
    assert editor.says(RESULT + "        state: draft\n") == []


def test_a_missing_key_is_named(editor: Editor) -> None:
    assert (3, 5, "the key 'title' is missing") in editor.says(GOAL.replace("title", "titel"))
    [(_, _, message)] = editor.says(GAUGE, "kpis")
    assert message.startswith("say what is better")


def test_keys_are_proposed(editor: Editor) -> None:
    assert editor.labels("|") == ["period", "team", "language", "objectives"]
    assert {"to", "change", "done", "milestones", "graded", "at_most"} <= set(editor.labels(RESULT + "        |"))
    behind = set(editor.labels(RESULT + "        to: 5\n        |"))
    assert {"from", "stretch", "readings"} <= behind
    assert behind.isdisjoint({"done", "milestones", "graded", "judge"})
    assert all(one["insertText"].startswith(f"{one['label']}:") for one in editor.proposes("|"))


def test_whole_key_results_are_proposed(editor: Editor) -> None:
    offered = {one["label"]: one["insertText"] for one in editor.proposes(GOAL + "    key_results:\n      - |\n")}
    assert "done: " in offered["yes or no"]
    assert "objective" in editor.labels("period: 2026-Q2\nobjectives:\n  - |\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOAL + "    owner: |\n", ["lea", "sales"]),
        (GOAL + "    parent: |\n", ["2026/company/grow", "codes", "returns"]),
        (GOAL + "    kpis:\n      - |\n", ["nps", "queries"]),
        ("period: 2026-Q2\nteam: |\n", ["ops", "product"]),
        (RESULT + "        to: 5\n        guards: |\n", ["all", "codes", "returns"]),
        (RESULT + "        to: 5\n        cadence: |\n", ["daily", "weekly", "fortnightly", "monthly", "quarterly"]),
    ],
)
def test_values_are_proposed_without_noise(editor: Editor, text: str, expected: list[str]) -> None:
    assert editor.labels(text) == expected


def test_an_unknown_name_is_valid(editor: Editor) -> None:
    assert editor.says(GOAL + "    owner: nina\n    parent: some/where\n") == []


def test_the_meaning_of_a_key_is_shown(editor: Editor) -> None:
    assert "The number to reach; TBD until it is known" in editor.shows(RESULT + "        t|o: 5\n")
    assert "One person or role" in editor.shows(GOAL + "    ow|ner: lea\n")


def test_the_settings_know_every_rule(editor: Editor) -> None:
    text = "# yaml-language-server: $schema=.okrctl/config.schema.json\nrules:\n  no-p|arent: warning\n  nope: error\n"
    assert "OKR107: Finds team objectives that have no parent" in editor.shows(text, ".")
    assert editor.says(text, ".") == [(4, 3, "Property nope is not allowed.")]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/?*s/**/*.yaml")))
def test_the_examples_have_no_diagnostics(editor: Editor, path: Path) -> None:
    inside = path.relative_to(EXAMPLES).parts
    assert editor.server.open("/".join((inside[1], inside[0], *inside[2:])), path.read_text("utf-8")) == []
