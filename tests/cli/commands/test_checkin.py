"""Check-ins: one line of diff, every measure, several at once, all or nothing, and what they do to the score."""

from __future__ import annotations

import difflib
import io
import sys
from pathlib import Path

import pytest

from okrctl.scoring import scorecard
from tests.cli.commands.trust import ORDERS, TODAY, TRUST, repository, workspace
from tests.repositories import isolate
from tests.running import Result, run, write

REF = "2026-Q2/trust/supply-chain"


@pytest.fixture(autouse=True)
def _own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path)


def checkin(root: Path, *words: str) -> Result:
    return run("checkin", *words, cwd=root, today=TODAY)


def changed(root: Path, path: str = "okrs/trust.yaml", before: str = TRUST) -> list[str]:
    """The lines of a file that went (-) and came (+)."""
    after = (root / path).read_bytes().decode()
    found = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in found if line[0] in "+-"]


def test_a_reading_is_one_line_and_its_effect_is_printed(root: Path) -> None:
    result = checkin(root, "tracking-codes", "5200")
    assert result.status == 0
    assert changed(root) == ["+           2026-05-04: 5200\n"]
    first, second = result.out.splitlines()
    assert first == f"{REF}.tracking-codes: 4100 -> 5200 users (21 %)"
    assert second.startswith("  Users trace their products: 0.") and second.endswith(", at risk")
    assert "okrs/trust.yaml: 5200 users on 2026-05-04" in result.err


def test_a_reading_of_a_sum_replaces_none_of_another_day(tmp_path: Path) -> None:
    key_result = "{id: orders, title: Orders, to: 100, aggregate: sum, readings: {2026-04-13: 39}}"
    goal = f"  - {{id: sales, title: Sales grow, owner: lea, key_results: [{key_result}]}}\n"
    root = write(tmp_path, {"okrs/a.yaml": f"period: 2026-Q2\nteam: shop\nobjectives:\n{goal}"})
    first, _ = checkin(root, "orders", "5").out.splitlines()
    assert first == "2026-Q2/shop/sales.orders: 5 (44 %)"
    again, _ = checkin(root, "orders", "6", "--force").out.splitlines()
    assert again == "2026-Q2/shop/sales.orders: 5 -> 6 (45 %)"


def test_a_reading_costs_the_scores_of_its_objective(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scored: list[str] = []
    score = scorecard.score_objective
    monkeypatch.setattr(
        scorecard, "score_objective", lambda values, node: scored.append(node.id) or score(values, node)
    )
    write(root, {"okrs/more.yaml": TRUST.replace("supply-chain", "other").replace("team: trust", "team: other")})
    assert checkin(root, "supply-chain.tracking-codes=5200", "supply-chain.profiles=80").status == 0
    assert scored == ["supply-chain"] * 2


VALUES = {
    "with its unit": (("tracking-codes", "5200 users"), "+           2026-05-04: 5200\n"),
    "in two words": (("tracking-codes", "5200", "users"), "+           2026-05-04: 5200\n"),
    "multiplied": (("tracking-codes", "5.2k"), "+           2026-05-04: 5.2k\n"),
    "the file's own unit": (("profiles", "80"), "+           2026-05-04: 80%\n"),
    "the same unit": (("profiles=80.5%",), "+           2026-05-04: 80.5%\n"),
    "a full name": ((f"{REF}.profiles", "80%"), "+           2026-05-04: 80%\n"),
    "earlier": (("profiles", "73%", "--date", "2026-04-06"), "+           2026-04-06: 73%\n"),
    "confidence": (("profiles", "80", "--confidence", "7"), "+           2026-05-04: {value: 80%, confidence: 7}\n"),
    "note": (("profiles", "80", "-m", "no: more"), '+           2026-05-04: {value: 80%, note: "no: more"}\n'),
    "words alone": (("profiles", "--note", "no"), '+           2026-05-04: {note: "no"}\n'),
    "negative": (("profiles=-3",), "+           2026-05-04: -3%\n"),
}


def test_a_backfilled_reading_does_not_claim_the_progress(root: Path) -> None:
    result = checkin(root, "tracking-codes", "2000", "--date", "2026-04-14")
    assert result.out.splitlines()[0] == f"{REF}.tracking-codes: 1200 -> 2000 users (still 16 %)"


@pytest.mark.parametrize("way", VALUES)
def test_a_value_is_written_as_the_file_writes_them(root: Path, way: str) -> None:
    words, line = VALUES[way]
    assert checkin(root, *words).status == 0
    assert changed(root) == [line]


def test_first_readings_bring_their_key_along(root: Path) -> None:
    assert checkin(root, "trust-grade", "7/10").status == 0
    assert checkin(root, "complaints", "3", "--confidence", "9").status == 0
    assert changed(root) == [
        "+         readings:\n",
        "+           2026-05-04: 7/10\n",
        "+         readings:\n",
        "+           2026-05-04: {value: 3, confidence: 9}\n",
    ]


DRAFT = "title: Draft, id: draft"
OPENED = (("-", "false"), ("+", "2026-05-04"))


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (("docs", "done"), ["-         done: false\n", "+         done: 2026-05-04\n"]),
        (("docs", "2026-05-01"), ["-         done: false\n", "+         done: 2026-05-01\n"]),
        (("docs", "open"), []),
        (("steps", "draft"), [f"{sign}           - {{{DRAFT}, done: {day}}}\n" for sign, day in OPENED]),
        (("steps", "2"), ["-             done: false\n", "+             done: 2026-05-04\n"]),
        (("steps", "public"), ["-             done: false\n", "+             done: 2026-05-04\n"]),
    ],
)  # fmt: skip
def test_done_and_milestones_take_their_day(root: Path, words: tuple[str, ...], lines: list[str]) -> None:
    assert checkin(root, *words).status == 0
    assert [line for line in changed(root) if line[0] in "+-"] == lines


def test_done_with_a_note_writes_both(root: Path) -> None:
    assert checkin(root, "docs", "done", "-m", "At last").status == 0
    assert changed(root)[2:] == ["+         readings:\n", "+           2026-05-04: {note: At last}\n"]


def test_a_kpi_is_checked_in_where_its_readings_are(root: Path) -> None:
    result = checkin(root, "signups", "91")
    assert result.out == "signups: 80 -> 91\n"
    assert "{2026-04-06: 71, 2026-04-13: 80, 2026-05-04: 91}" in (root / "kpis/company.yaml").read_text()


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        ("2026-05-04", ["+ 2026-05-04;7;\r\n"]),
        ("2026-04-15", ["+ 2026-04-15;7;\r\n"]),
        ("2026-03-31", []),
    ],
)
def test_readings_in_csv_are_kept_in_its_style(root: Path, day: str, lines: list[str]) -> None:
    result = checkin(root, "orders", "7", "--date", day)
    assert (result.status == 0) is bool(lines), result.err
    assert changed(root, "okrs/orders.csv", ORDERS) == lines


def test_a_csv_line_is_replaced_in_its_value_alone(root: Path) -> None:
    assert checkin(root, "orders", "7", "--date", "2026-05-01", "--force").status == 0
    assert (root / "okrs/orders.csv").read_bytes().decode() == ORDERS.replace("2026-05-01;6;lea", "2026-05-01;7;lea")


CSVS = {
    "date,value\n2026-04-01,5": "date,value\n2026-04-01,5\n2026-05-04,7",
    '"day","amount"\n"2026-04-01","5"\n': '"day","amount"\n"2026-04-01","5"\n"2026-05-04","7"\n',
    "value\tdate\r\n5\t2026-04-01\r\n": "value\tdate\r\n5\t2026-04-01\r\n7\t2026-05-04\r\n",
    "\ufeffdate, value\n2026-04-01, 5\n2026-05-20, 8\n":
        "\ufeffdate, value\n2026-04-01, 5\n2026-05-04, 7\n2026-05-20, 8\n",
    'date,note,value\n2026-04-01,"a, b\nc",5\n': 'date,note,value\n2026-04-01,"a, b\nc",5\n2026-05-04,,7\n',
    "date,value\n": "date,value\n2026-05-04,7\n",
    "date,value": "date,value\n2026-05-04,7",
}  # fmt: skip


@pytest.mark.parametrize("old", CSVS)
def test_csv_of_every_kind(root: Path, old: str) -> None:
    write(root, {"okrs/orders.csv": old})
    result = checkin(root, "orders", "7")
    assert result.status == 0, result.err
    assert (root / "okrs/orders.csv").read_bytes().decode() == CSVS[old]


REFUSED = {
    ("tracking-codes", "5 EUR"): "has the unit users",
    ("tracking-codes", "1,000"): "is not a valid number",
    ("tracking-codes", "5", "--confidence", "11"): "'11' is not a valid confidence",
    ("tracking-codes", "5", "--date", "2026-05-05"): "in the future",
    ("tracking-codes", "5", "--date", "2026-03-05"): "outside 2026-Q2",
    ("tracking-codes", "5", "--date", "2026-04-20"): "already has 4100 on 2026-04-20",
    ("tracking-codes",): "not a terminal: a value is required",
    ("docs", "maybe"): "expected done or open",
    ("docs", "2026-06-30"): "in the future",
    ("steps", "3"): "has no milestone '3'",
    ("trust-grade", "1.5"): "is not a valid grade",
    ("signups-too", "5"): "takes its value from the KPI 'signups'",
    ("both", "5"): "computed from other key results",
    ("ratio", "5"): "is computed: signups / 2",
    ("orders", "5", "-m", "x"): "cannot hold a confidence or a note",
    ("supply-chain", "5"): "an objective has no value",
    ("nothing", "5"): "no objective, key result or KPI is called 'nothing'",
    ("profiles=5", "tracking-codes"): "expected REF=VALUE, got 'tracking-codes'",
    ("profiles=5", "profiles=6"): "given twice",
    ("profiles=5", "tracking-codes=x"): "is not a valid number",
    (): "nothing to check in",
    ("--note", "x"): "--date, --confidence and --note need a reference",
}


@pytest.mark.parametrize("words", REFUSED)
def test_invalid_arguments_are_refused_and_nothing_is_written(root: Path, words: tuple[str, ...]) -> None:
    result = checkin(root, *words)
    assert result.status == 2 and REFUSED[words] in result.err and "hint: " in result.err
    assert changed(root) == [] and result.out == ""


def test_a_second_reading_of_the_day_replaces_the_first_by_force(root: Path) -> None:
    assert checkin(root, "tracking-codes", "4200", "--date", "2026-04-20", "--force").status == 0
    assert changed(root) == [
        "-           2026-04-20: {value: 4100, confidence: 6, note: First campaign is live}  # campaign\n",
        "+           2026-04-20: {value: 4200, confidence: 6, note: First campaign is live}  # campaign\n",
    ]


def test_a_note_joins_the_value_of_the_day_without_asking(root: Path) -> None:
    assert checkin(root, "profiles", "--confidence", "7", "--date", "2026-04-13").status == 0
    assert changed(root) == ["-           2026-04-13: 74%\n", "+           2026-04-13: {value: 74%, confidence: 7}\n"]


def test_a_note_on_an_objective(root: Path) -> None:
    assert checkin(root, "supply-chain", "--confidence", "7", "-m", "Fine").status == 0
    assert changed(root) == ["+     readings:\n", "+       2026-05-04: {confidence: 7, note: Fine}\n"]


def test_a_sealed_period_needs_force(root: Path) -> None:
    write(root, {"scorecards/2026-Q2.json": "{}"})
    assert "is sealed" in checkin(root, "profiles", "80").err
    assert checkin(root, "profiles", "80", "--force").status == 0


def test_several_at_once_over_several_files(root: Path) -> None:
    result = checkin(root, "signups=91", "profiles=80", "tracking-codes=5200", "orders=9")
    assert result.status == 0
    assert result.out.count("Users trace their products") == 1
    assert len(changed(root)) == 2 and (root / "okrs/orders.csv").read_text().endswith("2026-05-04;9;\n")


TABLE = 'ref,value,date,confidence,note\nprofiles,80,,7,\nsignups,91,2026-05-01,,\nsupply-chain,,,6,"Well, yes"\n'


def test_readings_from_a_table(root: Path) -> None:
    write(root, {"week.csv": TABLE})
    assert checkin(root, "--csv", "week.csv").status == 0
    assert changed(root) == [
        "+     readings:\n",
        '+       2026-05-04: {confidence: 6, note: "Well, yes"}\n',
        "+           2026-05-04: {value: 80%, confidence: 7}\n",
    ]


def test_readings_from_standard_input(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ref;value\nprofiles;80\n")))
    assert checkin(root, "--csv", "-").status == 0
    assert changed(root) == ["+           2026-05-04: 80%\n"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("ref,value\nprofiles,80\nsignups,many\n", "week.csv:3: 'many' is not a valid number"),
        ("ref,value\nprofiles,80\nnope,1\n", "week.csv:3: no objective, key result or KPI is called 'nope'"),
        ("ref,value,date\nprofiles,80,soon\n", "week.csv:2: 'soon'"),
        ("name,value\nprofiles,80\n", "unknown column 'name'"),
        ("value\n80\n", "no column 'ref'"),
        ("ref,value\n", "nothing to check in"),
        (None, "no such file"),
    ],
)
def test_a_table_is_recorded_completely_or_not_at_all(root: Path, table: str | None, message: str) -> None:
    write(root, {"week.csv": table} if table else {})
    result = checkin(root, "--csv", "week.csv")
    assert result.status == 2 and message in result.err
    assert changed(root) == []


def test_a_dry_run_shows_the_diff_and_stops(root: Path) -> None:
    result = checkin(root, "profiles=80", "signups=91", "--dry-run")
    assert "+++ b/okrs/trust.yaml\n" in result.out and "+          2026-05-04: 80%\n" in result.out
    assert "--- a/kpis/company.yaml\n" in result.out
    assert changed(root) == []


def test_a_dry_run_shows_its_warnings(root: Path) -> None:
    result = checkin(root, "tracking-codes", "5", "--date", "2026-04-20", "--dry-run")
    assert result.status == 0 and "already has 4100 on 2026-04-20" in result.err
    assert "+          2026-04-20: {value: 5, confidence: 6" in result.out and changed(root) == []


def test_a_commit_holds_exactly_the_files_written(tmp_path: Path) -> None:
    repo = repository(tmp_path)
    repo.write("okrctl.yaml", (tmp_path / "okrctl.yaml").read_text() + "# more\n")
    repo.write("notes.txt", "mine")
    repo.git("add", "notes.txt")
    result = checkin(tmp_path, "tracking-codes", "5200", "--commit")
    assert result.status == 0, result.err
    assert repo.git("log", "-1", "--format=%s") == f"checkin {REF}.tracking-codes: 4100 -> 5200 users (21 %)"
    assert repo.git("show", "--name-only", "--format=").split() == ["okrs/trust.yaml"]
    assert sorted(repo.git("status", "--short").split("\n")) == [" M okrctl.yaml", "A  notes.txt"]


def test_without_a_repository_a_commit_is_refused_before_writing(root: Path) -> None:
    result = checkin(root, "profiles=80", "--commit")
    assert result.status == 2 and "no git repository" in result.err
    assert changed(root) == []


def test_the_same_again_changes_nothing(root: Path) -> None:
    assert checkin(root, "profiles=80").status == 0
    before = (root / "okrs/trust.yaml").stat().st_mtime_ns
    result = checkin(root, "profiles=80")
    assert result.status == 0 and "nothing to change" in result.err
    assert (root / "okrs/trust.yaml").stat().st_mtime_ns == before
