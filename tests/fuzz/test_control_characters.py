"""Control characters and changes of direction: in every text, name and path, in every command and format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repositories import Repo, isolate
from tests.running import run

# Tabs and line breaks are layout; the marks U+200E, U+200F and U+061C belong to Arabic and Hebrew texts.
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
RAW = "A\x1b[31mB\x07C\x9b31mD\u202eE\u2066F\x85G\u2028H\x7fI\x08J"
WRITTEN = r"A\e[31mB\x07C\x9b31mD\u202eE\u2066F\x85G\u2028H\x7fI\nJ\rK\bL\0M"
UNIT = r"u\e[31mB\u202e"
PATH = "okrs/f\x1b[31mB\x07C\x9bD\u202eE\u2066F\x85G\u2028H\nI\x7f.yaml"

VALID = {
    "okrctl.yaml": """\
organisation: "TEXT"
teams: {trust: {name: "TEXT", lead: lea}}
people: {lea: {name: "TEXT", email: "TEXT"}}
""",
    "okrs/a.yaml": """\
period: 2025-Q2
team: trust
objectives:
  - id: goal
    title: "TEXT"
    owner: "TEXT"
    description: "TEXT"
    why: "TEXT"
    tags: ["TEXT"]
    links: ["TEXT"]
    contributors: ["TEXT"]
    outcome: reached
    retrospective: "TEXT"
    hypothesis: [{kpi: happy, expect: up, because: "TEXT"}]
    score: {value: 0.5, by: "TEXT", reason: "TEXT", date: 2025-05-01}
    readings: {2025-05-01: {confidence: 3, note: "TEXT", source: "TEXT"}}
    key_results:
      - id: met
        title: "TEXT"
        owner: "TEXT"
        from: 0
        to: 10
        unit: "UNIT"
        readings: {2025-05-01: {value: 5, note: "TEXT", source: "TEXT", confidence: 4}}
        amended: [{date: 2025-05-01, by: "TEXT", reason: "TEXT", was: {to: 60}}]
      - {id: on-kpi, title: "TEXT", to: 10, kpi: happy, tags: ["TEXT"]}
      - {id: steps, title: "TEXT", milestones: [{title: "TEXT", done: false, due: 2025-05-05}]}
      - {id: grades, title: "TEXT", graded: {0.3: "TEXT", 1: "TEXT"}, readings: {2025-05-01: 0.3}}
      - {id: question, title: "TEXT", graded: "TEXT"}
      - {id: unknown, title: "TEXT", to: TBD}
    initiatives: [{title: "TEXT", done: false, owner: "TEXT", count: 1/3}]
  - {id: left, title: "TEXT", state: deprioritized, since: 2025-05-01, reason: "TEXT", owner: lea, key_results: []}
""",
    PATH: """\
period: 2025-Q2
team: trust
objectives: [{id: named, title: "X", owner: lea, key_results: [{id: path, title: Y, to: 4}]}]
""",
    "kpis/a.yaml": """\
kpis:
  - id: happy
    title: "TEXT"
    description: "TEXT"
    owner: "TEXT"
    better: higher
    unit: "UNIT"
    watch: {below: 70}
    tags: ["TEXT"]
    links: "TEXT"
    readings: {2025-04-01: 71, 2025-05-06: {value: 62.5, note: "TEXT", source: "TEXT"}}
  - {id: computed, title: "TEXT", better: higher, formula: "happy + 1"}
""",
}
BROKEN = {
    "okrs/bad.yaml": """\
"TEXT": 1
period: "TEXT"
team: "TEXT"
objectives: [{"TEXT": 2, id: "TEXT", title: 3, owner: [{"TEXT": 1}], to: "TEXT"}]
""",
    "okrs/b.yaml": """\
period: 2025-Q2
team: trust
objectives:
  - id: other
    title: "TEXT"
    parent: "TEXT"
    kpis: ["TEXT"]
    key_results:
      - {id: one, title: "TEXT", kpi: "TEXT", to: 3}
      - {id: two, title: "TEXT", to: "TEXT", guards: "TEXT", unit: "TEXT"}
""",
    "kpis/b.yaml": """\
kpis:
  - {id: formula, title: "TEXT", better: higher, formula: "TEXT"}
  - {id: file, title: "TEXT", better: higher, readings: "TEXT.csv"}
  - {id: rows, title: "TEXT", better: higher, readings: r.csv}
  - {id: query, title: "TEXT", better: higher, source: {sql: "TEXT"}}
  - {id: address, title: "TEXT", better: higher, source: {http: "https://TEXT"}}
""",
    "kpis/r.csv": f"date,value\n2025-05-01,{RAW}\n{RAW},3\n",
    PATH: "period: 2025-Q2\nobjectives: [{id: named, titel: X}]\n",
}
READING = """
score, score --level key-result, score --agreed, score --ids, status, show goal, show met, show steps, show grades
show happy, show computed, show path, tree, tree computed, kpi, impact, explain goal, explain met, explain steps
explain happy, explain computed, log met, log goal, log happy, diff, diff HEAD~1
"""
OTHERS = """
score --format markdown, score --format csv, status --format markdown, kpi --format markdown, impact --format markdown
explain met --format markdown, diff --format markdown, report, report --full, report --full --format html
report --format json, export, export --format json, export --format jsonl, export --what kpis, export --what objectives
export --what scores, digest, digest --format slack, digest --format msteams, digest --format html
digest --format text, digest --format json, schema okr --with-ids, schema kpi --with-ids
checkin met=9 --dry-run, checkin met=9 --dry-run --format json, amend met --to 9 --reason So --dry-run
amend met --to 9 --reason So --dry-run --format json, new 2025-Q3 --carry-over 2025-Q2 --all --dry-run
close 2025-Q2 --yes --force --accept-unrecorded --dry-run
close 2025-Q2 --yes --force --accept-unrecorded --dry-run --format json
merge, check --fix --dry-run, check --add-ignore --dry-run
"""
FORMATS = "full concise json github gitlab sarif junit rdjson markdown".split()
ARGUMENTS = """
show TEXT, explain TEXT, score TEXT, check TEXT, log TEXT, diff TEXT, report TEXT, tree TEXT, kpi --team TEXT
score --owner TEXT, score --fail-if TEXT, score --as-of TEXT, score --known-at TEXT, score --format TEXT, TEXT
score --TEXT, checkin TEXT 3, checkin met=TEXT, amend met --reason So --to TEXT, import TEXT, -C TEXT score, new TEXT
close TEXT, score -o TEXT/a/b, explain x --title TEXT, schema TEXT, init TEXT --team TEXT --organisation TEXT
check --select TEXT, score --what-if TEXT, export --what TEXT, report --link-base TEXT, new 2025-Q3 --for TEXT
"""


def listed(text: str) -> list[list[str]]:
    return [command.split() for line in text.strip().splitlines() for command in line.split(", ")]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A repository whose files, paths, authors and subjects hold all of these characters."""
    folder = tmp_path_factory.mktemp("acting")
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        repo = Repo(folder)
        repo.config("user.name", RAW)
        files = {path: text.replace("TEXT", WRITTEN).replace("UNIT", UNIT) for path, text in VALID.items()}
        repo.commit(RAW, day="2025-01-10", author=(RAW, RAW), files=files)
        changed = files["okrs/a.yaml"].replace("to: 10", "to: 9")
        repo.commit(RAW, day="2025-04-20", author=(RAW, RAW), files={"okrs/a.yaml": changed})
        repo.write("okrs/a.yaml", files["okrs/a.yaml"].replace("to: 10", "to: 8"))
        yield folder


@pytest.mark.parametrize("command", listed(READING), ids=" ".join)
def test_no_command_lets_them_through(root: Path, command: list[str]) -> None:
    for words in (command, [*command, "--format", "json"]):
        assert harmless(root, words) in (0, 1), words


def test_no_format_lets_them_through(root: Path) -> None:
    for words in [*listed(OTHERS), *(["check", "--format", format] for format in FORMATS)]:
        assert harmless(root, words) in (0, 1), words


def test_no_message_about_an_argument_lets_them_through(root: Path) -> None:
    for words in listed(ARGUMENTS):
        harmless(root, [word.replace("TEXT", RAW) for word in words])


def test_no_finding_about_broken_files_lets_them_through(root: Path, tmp_path: Path) -> None:
    files = {path: text.replace("TEXT", WRITTEN).replace("UNIT", UNIT) for path, text in {**VALID, **BROKEN}.items()}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    for format in FORMATS:
        assert harmless(tmp_path, ["check", "--format", format]) == 1
    for words in listed("score, status, refresh --dry-run, refresh --format json --dry-run, check --fix --dry-run"):
        harmless(tmp_path, words)


def harmless(root: Path, words: list[str]) -> int:
    """Run a command, look for characters that act, and return the status."""
    result = run(*words, cwd=root)
    assert result.status in (0, 1, 2), (words, result.err)
    for text in (result.out, result.err):
        found = ACTING.search(text)
        assert found is None, (words, text[max(0, found.start() - 80) : found.end()] if found else "")
    return result.status
