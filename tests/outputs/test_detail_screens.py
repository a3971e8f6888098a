"""What holds of `show`, `impact`, `kpi`, `tree`, `diff` and `log`, whatever the workspace: they fit and lead on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrctl import scoring
from okrctl.analysis.alignment import build_alignment_tree
from okrctl.analysis.attention import StatusReport, attention_items
from okrctl.analysis.detail import Detail, build_detail
from okrctl.analysis.hypotheses import Impact, evaluate_hypotheses
from okrctl.git.commits import Commit
from okrctl.history.log import LogEntry, NodeLog, ScoreAtCommit
from okrctl.history.score_diff import WorkspaceDiff, diff_workspaces
from okrctl.kpis.detail import build_kpi_detail
from okrctl.kpis.overview import build_kpi_overview
from okrctl.kpis.series import KpiValues
from okrctl.kpis.tree import build_kpi_tree
from okrctl.outputs.grid import LEFT_TO_RIGHT
from okrctl.outputs.terminal import TerminalStyle, display_width
from okrctl.outputs.text import kpi as kpi_wording
from okrctl.outputs.views import alignment, diff, goal, hypotheses, kpi, kpi_tree, kpis, log, scorecard, status
from okrctl.scoring.scorecard import Scorecard, Scorecards
from okrctl.workspace import KeyResult, Node, Objective, Workspace, references
from tests.outputs.test_screen_properties import ESCAPES, OWNERS, TITLES
from tests.scoring.worlds import DAYS, END, SETTINGS, measured, opened

STYLES = st.builds(TerminalStyle, st.booleans(), st.integers(40, 200), st.booleans())
DRAWINGS = "●•◌┆│┤└┬├→…┃▕▏█▁✓─"  # not in the titles
UNITS = ["", "%", "EUR", "subscribers", "Tassen", "杯"]
NUMBERS = st.integers(-50, 5000).map(lambda number: f"{number / 10:g}")
AFTER = END + timedelta(days=20)


@dataclass(frozen=True)
class Company:
    """A workspace of objectives and KPIs on a day, and its objectives as they were before."""

    okrs: str
    earlier: str
    kpis: str
    settings: str
    day: date

    def open(self) -> Workspace:
        """The graph."""
        return opened(self.okrs, self.settings, self.kpis)

    def card(self, workspace: Workspace, day: date) -> Scorecard:
        """The scorecard of the period."""
        return scoring.build_scorecard(workspace, workspace.periods[0], day)

    def impact(self, workspace: Workspace) -> Impact:
        """The hypotheses once the period is over."""
        return evaluate_hypotheses(workspace, self.card(workspace, AFTER))

    def diff(self, workspace: Workspace) -> WorkspaceDiff:
        """What changed since the objectives were as before."""
        before = opened(self.earlier, self.settings, self.kpis)
        return diff_workspaces(before, workspace, lambda period: self.day, ("0" * 40, None))

    def log(self, workspace: Workspace) -> NodeLog:
        """The changes as the log of the first objective, each by a commit of its own."""
        node = workspace.objectives[0]
        found = NodeLog(node.ref, node.model.title or node.id, None)
        for number, change in enumerate(self.diff(workspace).changes):
            commit = _commit(number, self.day)
            found.entries.append(LogEntry(commit, change.ref, change.field, change.old, change.new, change.effect))
            found.scores.append(ScoreAtCommit(commit, None))
        return found

    def details(self, workspace: Workspace, day: date) -> Iterator[Detail]:
        """Every objective and key result in full."""
        for objective in workspace.objectives:
            for node in (objective, *objective.key_results):
                found = build_detail(workspace, node, day)
                assert found is not None
                found.shorten = references.ShortestUniqueRef(workspace, day)
                yield found


def _commit(number: int, day: date) -> Commit:
    author = TITLES[number % len(TITLES)]
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Commit(f"{number:040}", (), moment, author, "a@b.example", "Amend what we agreed on")


@st.composite
def okr_files(draw: Any) -> str:
    """One to three objectives, each but the first below the first, with hypotheses; ids repeat between them."""
    lines = ["period: 2026-Q2", "objectives:"]
    for number in range(draw(st.integers(1, 3))):
        results = [
            f"{{id: k{place}, title: '{draw(st.sampled_from(TITLES))}', {draw(OWNERS)}, {draw(measured())}}}"
            for place in range(draw(st.integers(1, 3)))
        ]
        expect = draw(st.sampled_from(["up", "down", "steady, within: 3", "steady"]))
        lines += [
            f"  - {{id: o{number}, title: '{draw(st.sampled_from(TITLES))}', owner: ada, kpis: [m0],",
            f"     why: '{draw(st.sampled_from(TITLES))}', {'parent: o0,' if number else ''}",
            f"     hypothesis: {{kpi: {draw(st.sampled_from(['m0', 'gone']))}, expect: {expect}}},",
            f"     key_results: [{', '.join(results)}]}}",
        ]
    return "\n".join(lines) + "\n"


@st.composite
def kpi_files(draw: Any) -> str:
    """One to four KPIs with up to 30 weekly readings, and one computed from them."""
    lines, count = ["kpis:"], draw(st.integers(1, 4))
    for number in range(count):
        unit = draw(st.sampled_from(UNITS))
        values = draw(st.lists(NUMBERS, max_size=30))
        readings = ", ".join(f"{END - timedelta(days=7 * place)}: {value}" for place, value in enumerate(values))
        watch = draw(st.sampled_from(["", ", watch: {below: 20}", ", watch: {above: 10}"]))
        lines.append(
            f"  - {{id: m{number}, title: '{draw(st.sampled_from(TITLES))}', owner: ada, better: higher"
            f"{f', unit: {unit!r}' if unit else ''}{watch}, readings: {{{readings}}}}}"
        )
    formula = " + ".join(f"m{number}" for number in range(count))
    lines.append(f"  - {{id: all, title: All of them, better: higher, formula: {formula}}}")
    return "\n".join(lines) + "\n"


COMPANIES = st.builds(Company, okr_files(), okr_files(), kpi_files(), st.sampled_from(SETTINGS), DAYS)


def screens(company: Company, style: TerminalStyle, with_ids: bool = False) -> dict[str, str]:
    """What the commands print."""
    workspace, day = company.open(), company.day
    values = KpiValues(workspace, day)
    shown = {
        "kpi": kpis.render(build_kpi_overview(values), "table", style, with_ids),
        "impact": hypotheses.render(company.impact(workspace), "table", style, with_ids),
        "open": hypotheses.render(evaluate_hypotheses(workspace, company.card(workspace, day)), "table", style),
        "tree": alignment.render(
            build_alignment_tree(workspace, [company.card(workspace, day)]), "table", style, with_ids
        ),
        "diff": diff.render(company.diff(workspace), "table", style),
        "log": log.render(company.log(workspace), "table", style),
        "tree all": kpi_tree.render(build_kpi_tree(values, workspace.kpis["all"]), "table", style),
    }
    for each in workspace.kpi_nodes:
        shown[f"show {each.id}"] = kpi.render(build_kpi_detail(values, each), "table", style)
    for detail in company.details(workspace, day):
        node: Node = (detail.key_result or detail.objective).node
        shown[f"show {node.ref}"] = goal.render(detail, "table", style, with_ids)
    return shown


@settings(max_examples=25)
@given(COMPANIES, STYLES, st.booleans())
def test_no_line_is_wider_than_the_terminal(company: Company, style: TerminalStyle, with_ids: bool) -> None:
    for command, screen in screens(company, style, with_ids).items():
        for line in ESCAPES.sub("", screen).splitlines():
            assert display_width(line) <= (style.width or 0), (command, line)
        if not style.unicode:
            assert not set(DRAWINGS) & set(screen), command


@settings(max_examples=15)
@given(COMPANIES, st.integers(40, 160))
def test_colour_adds_no_information(company: Company, width: int) -> None:
    painted = screens(company, TerminalStyle(True, width))
    for command, plain in screens(company, TerminalStyle(False, width)).items():
        assert _visible(painted[command]) == _visible(plain), command
        assert "\x1b" in painted[command] and "\x1b" not in plain


def _visible(screen: str) -> list[str]:
    return [line.rstrip() for line in ESCAPES.sub("", screen).replace(LEFT_TO_RIGHT, "").splitlines()]


@settings(max_examples=25)
@given(COMPANIES, st.integers(70, 160))
def test_columns_stand_in_one_place(company: Company, width: int) -> None:
    style, workspace = TerminalStyle(width=width), company.open()
    overview = build_kpi_overview(KpiValues(workspace, company.day))
    blocks = kpis.render(overview, "table", style, with_ids=True).split("\n\n")
    lines = blocks[1].splitlines()[1:] if overview.statuses else []
    value = kpi_wording.value if width >= kpis.ROOMY else kpi_wording.short_value
    shown = [f" {value(status)}" for status in overview.statuses]
    assert (
        len({display_width(line[: line.index(text) + len(text)]) for line, text in zip(lines, shown, strict=True)}) == 1
    )
    tree = build_alignment_tree(workspace, [company.card(workspace, company.day)])
    rows = [line for line in alignment.render(tree, "table", style).splitlines() if "company/o" in line]
    assert len(rows) == len(workspace.objectives)
    assert len({display_width(row[: row.index("company/o")]) for row in rows}) == 1
    result = company.impact(workspace)
    rows = [line for line in hypotheses.render(result, "table", style).splitlines() if line.startswith("  ")][1:]
    starts = {display_width(re.split(r"(?:m0|gone) (?:up|down|steady)", row)[0]) for row in rows}
    assert len(rows) == len(result.hypotheses) and len(starts) == 1


@settings(max_examples=25)
@given(COMPANIES, st.booleans())
def test_off_the_terminal_nothing_is_cut(company: Company, is_unicode: bool) -> None:
    shown = {
        name: text.replace(LEFT_TO_RIGHT, "")
        for name, text in screens(company, TerminalStyle(unicode=is_unicode)).items()
    }
    workspace = company.open()
    for objective in workspace.objectives:
        assert objective.model.title in shown["tree"] and objective.model.title in shown["impact"]
        assert f"company/{objective.id}" in shown["tree"] and objective.ref in shown["impact"]
        full = shown[f"show {objective.ref}"]
        assert objective.model.why in full
        for key_result in objective.key_results:
            assert key_result.model.title in full
            assert key_result.model.title in shown[f"show {key_result.ref}"]
    for each in workspace.kpi_nodes:
        assert each.model.title in shown["kpi"] and each.model.title in shown[f"show {each.id}"]
    assert not [name for name, text in shown.items() if "…" in text]


@settings(max_examples=25)
@given(COMPANIES, st.integers(60, 160))
def test_ids_can_be_pasted_into_the_next_command(company: Company, width: int) -> None:
    workspace = company.open()
    shown = screens(company, TerminalStyle(width=width), with_ids=True)
    rows = shown["kpi"].split("\n\n")[1].splitlines()[1:] if workspace.kpis else []
    names = [line.split()[0] for line in rows]
    assert {references.find_node(workspace, name, company.day) for name in names} == set(workspace.kpi_nodes)
    places = re.findall(r"(?<!\S)(?:2026-Q2/)?company/o\d", shown["tree"])
    assert [references.find_node(workspace, place, company.day) for place in places] == ordered(workspace)
    refs = [line.split()[0] for line in shown["impact"].splitlines() if line.startswith("  2026-Q2/")]
    found = [references.find_node(workspace, ref, AFTER) for ref in refs]
    assert {node.ref for node in found} == {objective.ref for objective in workspace.objectives}
    for objective in workspace.objectives:
        block = shown[f"show {objective.ref}"].split("\n\n")[1]
        pasted = {references.find_node(workspace, line.split()[0], company.day) for line in block.splitlines()}
        assert pasted == set(objective.key_results)


def ordered(workspace: Workspace) -> list[Objective | KeyResult]:
    """The objectives as the tree has them: the first, then those below it."""
    return list(workspace.objectives)


def test_three_hundred_objectives_are_as_many_lines() -> None:
    goals = [
        f"  - {{id: o{n}, title: '{TITLES[n % len(TITLES)]}', owner: ada, key_results: [{{id: k, title: K, to: 9}}]}}"
        for n in range(300)
    ]
    okrs = "\n".join(["period: 2026-Q2", "objectives:", *goals]) + "\n"
    company = Company(okrs, okrs, "kpis:\n  - {id: m0, title: M, better: higher, readings: {}}\n", "", END)
    workspace = company.open()
    card = company.card(workspace, END)
    style = TerminalStyle(width=80)
    tree = alignment.render(build_alignment_tree(workspace, [card]), "table", style)
    table = scorecard.render(Scorecards([card]), "table", style)
    assert [len(re.findall(r"company/o", tree)), len(re.findall(r"^  K ", table, re.MULTILINE))] == [300, 300]
    assert max(map(display_width, [*tree.splitlines(), *table.splitlines()])) <= 80
    shorten = references.ShortestUniqueRef(workspace, END)
    report = StatusReport([card], END, list(attention_items([card], shorten, workspace)))
    shown = status.render(report, "table", style)
    assert len(report.attention) == 300 and len(shown.splitlines()) <= 30
    assert "and 290 more: okrctl status --all" in shown


@pytest.mark.parametrize(
    ("expect", "reason"),
    [("up", "moved more than usual"), ("down", "moved the other way")],
)
def test_a_verdict_says_which_way_the_kpi_moved(expect: str, reason: str) -> None:
    load = "2025-06-30: 50, 2025-09-30: 52, 2025-12-31: 51, 2026-03-31: 54, 2026-06-29: 71"
    kpi_file = f"kpis: [{{id: load, title: Load, better: higher, unit: '%', readings: {{{load}}}}}]\n"
    goal = f"id: o, title: Ride more, hypothesis: {{kpi: load, expect: {expect}}}"
    results = "key_results: [{id: k, title: K, to: 10, readings: {2026-06-15: 8}}]"
    workspace = opened(f"period: 2026-Q2\nobjectives: [{{{goal}, {results}}}]\n", "", kpi_file)
    card = scoring.build_scorecard(workspace, workspace.periods[0], date(2026, 7, 10))
    screen = hypotheses.render(evaluate_hypotheses(workspace, card), "table", TerminalStyle(width=80))
    (line,) = (line for line in screen.splitlines() if "Ride more" in line)
    assert reason in line and "+17 points" in line
