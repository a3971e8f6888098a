"""The command line: exit statuses, the two lines of an error, where options stand, and the keys of the JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.sheets import MIDDLE, refused, workspace
from tests.running import Result, run, write

READ = "to: 100\nreadings: {2026-05-14: 20}"
KPIS = """kpis:
  - {id: turnover, title: Turnover, owner: lea, better: higher, unit: EUR, readings: {2026-03-31: 200, 2026-05-12: 240}}
  - {id: costs, title: Costs, owner: lea, better: lower, unit: EUR, readings: {2026-03-31: 100, 2026-05-12: 120}}
  - {id: success, title: Margin, owner: lea, better: higher, unit: EUR, formula: turnover - costs}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path, READ, kpis=KPIS, objective="hypothesis: {kpi: success, expect: up}")


def go(root: Path, line: str, today: str = MIDDLE, **env: str) -> Result:
    return run(*line.split(), cwd=root, today=today, env=env)


CANNOT_RUN = """
nope
score foo
score 2026-Q3
score --as-of 2026-02-30
score --format xml
score --known-at HEAD
score --nope
score --team nobody
score --owner nobody
score --fail-under abc
score --fail-if foo
score --what-if k1
score --what-if nope=3
score --what-if k1=abc
score 2026-Q2 --agreed
show
show nope
explain nope
explain OKR999
impact 2026-Q9
tree nope
log o
diff
verify
verify 2026-Q2
checkin nope 3
checkin o.k1 abc
checkin o.k1
amend o.k1
new foo
reopen 2026-Q2
report foo
export --format xml
schema foo
check nope.yaml
check --base HEAD
check --select OKR999
check --fail-on x
score -C /there/is/no/such/folder
import nope.csv
""".strip().splitlines()


@pytest.mark.parametrize("line", CANNOT_RUN)
def test_what_cannot_run_says_so_in_two_lines(root: Path, line: str) -> None:
    assert refused(go(root, line))


@pytest.mark.parametrize(
    "line", ["score", "status", "impact", "tree", "report", "show x", "explain x", "verify", "close Q2", "diff"]
)
def test_an_empty_folder_has_nothing_to_tell(tmp_path: Path, line: str) -> None:
    assert refused(go(tmp_path, line))


def test_an_empty_folder_has_nothing_to_check(tmp_path: Path) -> None:
    assert refused(go(tmp_path, "check"))
    write(tmp_path, {"okrctl.yaml": "organisation: Acme\n"})
    assert "okrs/**/*.y{a,}ml" in go(tmp_path, "check").err and refused(go(tmp_path, "check"))


BROKEN = [("okrs/b.yaml", "period: 2026-Q2\nobjectives: [\n"), ("okrctl.yaml", "scoring: {cap: many}\n")]


@pytest.mark.parametrize(("path", "text"), BROKEN)
@pytest.mark.parametrize(
    "line", ["score", "status", "kpi", "impact", "tree", "report", "show o.k1", "explain o.k1", "checkin o.k1 3"]
)
def test_a_broken_file_is_found_by_check_and_stops_all_else(root: Path, path: str, text: str, line: str) -> None:
    write(root, {path: text})
    stopped = go(root, line)
    assert refused(stopped)
    assert "okrctl check" in stopped.err
    assert go(root, "check").status == 1


def test_the_status_tells_what_was_found(root: Path) -> None:
    lines = {
        "score --fail-under 0.5": 1, "score --fail-under 0.2": 0, "score --fail-under 20%": 0,
        "score --fail-if at-risk": 1, "score --fail-if stale": 0, "status --fail-if at-risk": 1,
        "status --fail-if behind": 0, "kpi --fail-if alarm": 0, "check": 0, "check --fail-on info": 1,
    }  # fmt: skip
    assert {line: go(root, line).status for line in lines} == lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("--as-of 2026-04-20 score 2026-Q2", "score 2026-Q2 --as-of 2026-04-20"),
        ("--format json score 2026-Q2", "score 2026-Q2 --format json"),
        ("--format=json --team trust score Q2", "score Q2 --team trust --format=json"),
        ("-q --owner lea status", "status --owner lea -q"),
        ("--format json", "status --format json"),
        ("--format json score Q2 --format csv", "score Q2 --format csv"),
    ],
)
def test_common_options_stand_before_the_command_or_behind_it(root: Path, before: str, after: str) -> None:
    first, second = go(root, before), go(root, after)
    assert first.status == second.status == 0
    assert first.out == second.out


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("OKRCTL_FORMAT", "json", "score 2026-Q2 --format json"),
        ("OKRCTL_AS_OF", "2026-04-20", "score 2026-Q2 --as-of 2026-04-20"),
        ("OKRCTL_LEVEL", "team", "score 2026-Q2 --level team"),
        ("OKRCTL_OWNER", "lea", "score 2026-Q2 --owner lea"),
        ("OKRCTL_FAIL_IF", "at-risk", "score 2026-Q2 --fail-if at-risk"),
        ("OKRCTL_COLOR", "always", "score 2026-Q2 --color always"),
    ],
)
def test_each_option_has_its_variable(root: Path, variable: str, value: str, line: str) -> None:
    told, said = go(root, "score 2026-Q2", **{variable: value}), go(root, line)
    assert (told.status, told.out) == (said.status, said.out)


CARD = "version period as_of known_at score band pace at_risk measured key_results agreed teams"
TEAM = "team score band pace at_risk measured key_results objectives"
OBJECTIVE = (
    "ref id title owner ambition state weight score computed by_hand band pace at_risk verdict status "
    "decided_by outcome measured parent key_results"
)
KEY_RESULT = (
    "ref id title owner measure from to at_least at_most unit value value_date progress score computed by_hand "
    "measured counted guardrail broken weight priority confidence due expected status projected forecast state"
)


def keys(found: Any) -> str:
    return " ".join(found)


def test_the_scorecard_has_its_keys_in_order(root: Path) -> None:
    card = go(root, "score 2026-Q2 --format json").json
    team = card["teams"][0]
    objective = team["objectives"][0]
    assert [keys(card), keys(card["period"]), keys(team)] == [CARD, "id start end state", TEAM]
    assert [keys(objective), keys(objective["key_results"][0])] == [OBJECTIVE, KEY_RESULT]


@pytest.mark.parametrize(("line", "several"), [("score Q2", False), ("score", True), ("score Q2 2026-Q2", True)])
def test_one_period_is_an_object_and_several_a_list(root: Path, line: str, several: bool) -> None:
    assert ("periods" in go(root, f"{line} --format json").json) == several


KPI = (
    "id title team better unit value value_date previous change trend period_change period_trend age_days "
    "alarm signal limits computed objectives"
)


@pytest.mark.parametrize(
    ("line", "whole", "within", "each"),
    [
        ("check", "version diagnostics summary workspaces unread", "diagnostics",
         "code name severity message help path workspace line column end_line end_column ref fixable"),
        ("kpi", "version as_of kpis", "kpis", KPI),
        ("explain success", "version id from to change parts", "parts", "id old new part parts"),
        ("impact Q2", "version period hypotheses", "hypotheses",
         "ref kpi expect score succeeded before after usual verdict"),
        ("status", "version periods as_of attention", "attention", "ref status why next"),
        ("explain o.k1", "version ref score formula inputs steps", "inputs", "name value path line commit"),
    ],
)  # fmt: skip
def test_the_other_answers_have_their_keys(root: Path, line: str, whole: str, within: str, each: str) -> None:
    found = go(root, f"{line} --format json", today="2026-07-10" if line.startswith("impact") else MIDDLE).json
    assert set(whole.split()) <= set(found)
    assert found[within]
    assert set(each.split()) <= set(found[within][0])


def test_the_parts_of_a_move_add_up(root: Path) -> None:
    found = go(root, "explain success --format json").json
    assert (found["from"]["value"], found["to"]["value"], found["change"]) == (100, 120, 20)
    assert [(one["id"], one["part"]) for one in found["parts"]] == [("turnover", 40), ("costs", -20)]


def test_an_error_elsewhere_leaves_the_figures_that_can_be_had(tmp_path: Path) -> None:
    found = go(workspace(tmp_path, READ, "to: 5\nkpi: nobody"), "score 2026-Q2 --format json").json
    good, bad = found["teams"][0]["objectives"][0]["key_results"]
    assert (good["status"], bad["status"], bad["counted"], found["measured"]) == ("at risk", "error", True, 1)
    assert float(found["score"]) == 0.1


def test_a_parent_is_named_in_full(root: Path) -> None:
    wider = "period: 2026\nobjectives:\n  - {id: brand, title: A brand that lasts, owner: lea}\n"
    path = root / "okrs/a.yaml"
    write(
        root,
        {
            "okrs/y.yaml": wider,
            "okrs/a.yaml": path.read_text().replace("owner:", "parent: company/brand\n    owner:", 1),
        },
    )
    card = go(root, "score 2026-Q2 --format json").json
    assert card["teams"][0]["objectives"][0]["parent"] == "2026/company/brand"


ONE = "period: 2026-Q2\nobjectives:\n  id: o\n  title: Customers trust us\n  owner: lea\n  key_results:\n    id: k\n"


@pytest.mark.parametrize(
    ("result", "value", "written"),
    [
        ("    title: Letters\n    to: 5\n", "3", "    readings:\n      2026-05-15: 3\n"),
        (
            "    title: Letters\n    milestones: {title: First, done: false}\n",
            "1",
            "{title: First, done: 2026-05-15}\n",
        ),
    ],
)
def test_a_check_in_reaches_a_single_value_where_a_list_is_meant(
    tmp_path: Path, result: str, value: str, written: str
) -> None:
    write(tmp_path, {"okrs/a.yaml": ONE + result})
    assert go(tmp_path, f"checkin o.k {value}").status == 0
    assert (tmp_path / "okrs/a.yaml").read_text().endswith(written)
