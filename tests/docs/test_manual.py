"""`okrctl explain TOPIC` prints pages and words of the manual, and the manual speaks of what exists."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from okrctl import docs
from okrctl.analysis.attention import WORST_FIRST as ATTENTION
from okrctl.analysis.hypotheses import VERDICTS
from okrctl.analysis.thresholds import FAIL_IF_STATUSES
from okrctl.check import rules
from okrctl.cli.commands import COMMANDS
from okrctl.operations.schema import output_schema
from okrctl.outputs.documents import OUTPUTS
from okrctl.outputs.terminal import TerminalStyle, display_width
from okrctl.outputs.views.manual import render
from okrctl.schema.model import ObjectiveModel
from okrctl.schema.model.kpi import KpiModel
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import SEVERITIES
from tests.running import run, write

MANUAL = Path(docs.__file__).parent
PAGES = (Path(__file__).parents[2] / "README.md", *sorted(MANUAL.glob("*.md")))
OBJECTIVE = """\
period: 2025-Q2
objectives:
  - id: stale
    title: Customers find everything
    owner: lea
    key_results: [{id: found, title: Searches with a result, from: 1, to: 9}]
"""


def test_every_page_is_listed() -> None:
    assert sorted(docs.PAGES) == sorted(path.stem for path in MANUAL.glob("*.md"))


def test_no_topic_has_two_meanings() -> None:
    taken = {"topics", *docs.PAGES, *(rule.name for rule in rules.RULES)}
    headings = re.findall(r"^## (.+)$", (MANUAL / "words.md").read_text("utf-8"), re.MULTILINE)
    names = [docs.normalize_topic(name) for heading in headings for name in heading.split(",")]
    assert len(names) == len(set(names))
    assert taken.isdisjoint(set(names))


@pytest.mark.parametrize("topic", docs.topic_names())
def test_every_topic_is_printed_in_every_format(topic: str, tmp_path: Path) -> None:
    result = run("explain", topic, cwd=tmp_path)
    assert (result.status, result.err) == (0, "")
    if topic == "rules":  # the list, with the severities of the workspace
        return
    prose = "\n".join(line for line in result.out.splitlines() if not line.startswith("    "))
    assert not re.search(r"```|<!--|\*\*|^ *#+ |\]\(", prose, re.MULTILINE)
    data = run("explain", topic, "--format", "json", cwd=tmp_path).json
    page = docs.find_topic(topic)
    assert page is not None
    assert data == {"version": 1, "topic": page.topic, "title": page.title, "text": page.text}
    assert run("explain", topic, "--format", "markdown", cwd=tmp_path).out == f"# {page.title}\n\n{page.text}"


@pytest.mark.parametrize("name", ["at-risk", "At risk", "AT_RISK"])
def test_a_topic_goes_by_its_name_in_any_case(name: str, tmp_path: Path) -> None:
    assert run("explain", name, cwd=tmp_path).out.startswith("At-risk\n\n  A key result is at risk when")


def test_the_index_lists_pages_and_words(tmp_path: Path) -> None:
    out = run("explain", "topics", cwd=tmp_path).out
    assert out.startswith("Pages\n  tutorial  ") and "\nWords\n" in out
    topics = run("explain", "topics", "--format", "json", cwd=tmp_path).json["topics"]
    assert [one["topic"] for one in topics if one["kind"] == "page"] == list(docs.PAGES)
    assert {one["topic"] for one in topics if one["kind"] == "word"} <= set(docs.topic_names())
    markdown = run("explain", "topics", "--format", "markdown", cwd=tmp_path).out
    assert "\n* `stale`: A goal is stale when" in markdown


def test_a_goal_of_the_same_name_comes_first(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/a.yaml": OBJECTIVE})
    assert run("explain", "stale", cwd=tmp_path).out.startswith("Customers find everything")
    assert run("explain", "behind", cwd=tmp_path).out.startswith("Behind\n")


def test_the_manual_needs_no_valid_files(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "nonsense: 1\n", "okrs/a.yaml": "period: [\n"})
    assert run("explain", "format", cwd=tmp_path).out.startswith("The file format\n")


@pytest.mark.parametrize("width", [40, 60, 80, 140])
@pytest.mark.parametrize("topic", docs.PAGES)
def test_prose_fits_the_terminal(width: int, topic: str) -> None:
    page = docs.find_topic(topic)
    assert page is not None
    lines = render(page, "table", TerminalStyle(width=width)).splitlines()
    long = [line for line in lines if display_width(line) > width and not line.startswith("    ")]
    assert [line for line in long if " " in line.strip()] == []


@pytest.mark.parametrize("word", [*ATTENTION, *VERDICTS, *FAIL_IF_STATUSES, *SEVERITIES])
def test_every_status_and_verdict_is_explained(word: str) -> None:
    assert docs.find_topic(word)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_manual_names_commands_and_options_that_exist(page: Path) -> None:
    typed = re.findall(r"`okrctl ([a-z]+)((?: [^`\n]*)?)`", page.read_text("utf-8"))
    for name, arguments in typed:
        assert name in COMMANDS, name
        text = run(name, "--help", cwd=page.parent).out
        for option in re.findall(r"(?<= )--?[a-z][a-z-]*", arguments):
            assert re.search(rf"(?<![\w-]){option}\b", text), f"okrctl {name} {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_document_in_the_manual_fits_a_schema(page: Path) -> None:
    for block in re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        data = json.loads(block)
        if "version" in data:
            fitting = [name for name in OUTPUTS if Draft202012Validator(json.loads(output_schema(name))).is_valid(data)]
            assert fitting, block


def test_every_command_is_described() -> None:
    text = (MANUAL / "commands.md").read_text("utf-8").partition("<!-- /commands -->")[2]
    missing = [name for name in COMMANDS if f"`okrctl {name}" not in text]
    assert missing == [], "describe them in okrctl/docs/commands.md, below the table"


def test_the_page_on_the_format_has_every_key() -> None:
    text = (MANUAL / "format.md").read_text("utf-8")
    fields = {
        field.alias or name
        for model in (ObjectiveModel, KpiModel, Config, *_key_results())
        for name, field in model.model_fields.items()
    }
    missing = [name for name in sorted(fields) if not re.search(rf"\b{name}\b", text)]
    assert missing == [], "describe these keys in okrctl/docs/format.md"


def _key_results() -> list[type]:
    module = importlib.import_module("okrctl.schema.model.key_result")
    kinds = (kind for kind in vars(module).values() if isinstance(kind, type))
    return [kind for kind in kinds if issubclass(kind, module.KeyResultModel)]
