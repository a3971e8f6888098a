"""The scorecard on every kind of screen: complete, never cut, never markup."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrctl import scoring
from okrctl.operations.load import load_at_revision, requested_periods
from okrctl.operations.project import Project
from okrctl.outputs.grid import Cell, fold_text, layout_row
from okrctl.outputs.plot import progress_bar
from okrctl.outputs.terminal import ASCII, UNICODE, TerminalStyle, display_width
from okrctl.outputs.views.scorecard import render
from okrctl.scoring.scorecard import Scorecards
from tests.running import run, write
from tests.scoring.worlds import DAYS, WORLDS, World, opened

EXAMPLE = Path(__file__).parents[2] / "examples" / "company"
WIDTHS = [60, 80, 100, 120, 160]
STYLES = [TerminalStyle(width=width, unicode=unicode) for width in WIDTHS for unicode in (True, False)]
TITLES = [
    "Kundenzufriedenheitsverbesserungsmaßnahmenbeschleunigungsprogramm für Großraumbüroausstattungen in Mecklenburg",
    "Launch 🚀 the \U0001f469\u200d\U0001f467 family plan 🎉 in every 🇩🇪 city without a single 🐞 left open",
    "שביעות רצון הלקוחות עולה מעל שבעים אחוז בכל הערים",
    "رضا العملاء يتجاوز سبعين بالمئة في جميع المدن",
    "東京のお客様が毎週私たちの自転車に乗って学校へ行くようになる",
    "[x] done [/] :smile: [bold red]loud[/bold red] \x1b[31mred\x1b[0m \x07bell",
]
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def example(period: str, day: str) -> Scorecards:
    project = Project(EXAMPLE, environment={"OKRCTL_TODAY": day})
    loaded = load_at_revision(project, None)
    [found] = requested_periods(project, loaded, [period])
    return Scorecards([scoring.build_scorecard(loaded.workspace, found, date.fromisoformat(day))], is_single=True)


def titled(titles: list[str]) -> Scorecards:
    quoted = [
        title.replace("\\", "\\\\").replace('"', '\\"').replace("\x1b", "\\e").replace("\x07", "\\a")
        for title in titles
    ]
    results = [
        f'{{id: k{n}, title: "{title}", to: 9, unit: Personen, readings: {{2026-05-01: {n}}}}}'
        for n, title in enumerate(quoted)
    ]
    objective = f'{{id: o, title: "{quoted[0]}", owner: ada, key_results: [{", ".join(results)}]}}'
    text = f"period: 2026-Q2\nobjectives: [{objective}]\n"
    workspace = opened(text)
    return Scorecards([scoring.build_scorecard(workspace, workspace.periods[0], date(2026, 5, 20))])


def letters(text: str) -> str:
    return re.sub(r"[\s\u200e]", "", text)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.width}{'' if style.unicode else '-ascii'}")
@pytest.mark.parametrize(("period", "day"), [("FY27-Q3", "2026-11-10"), ("FY27-Q4", "2026-11-22")])
def test_one_line_for_each_goal_none_wider_than_the_screen(period: str, day: str, style: TerminalStyle) -> None:
    result = example(period, day)
    [card] = result.cards
    lines = render(result, "table", style).splitlines()
    assert max(display_width(line) for line in lines) <= (style.width or 0)
    bare = [letters(line) for line in lines]
    for objective in card.objectives:
        shown = [one for one in objective.key_results if objective.state == "active"]
        for node in (objective.node, *(one.node for one in shown)):
            start = letters(node.model.title)[:6]
            assert [line for line in bare if line.removeprefix("leftout:").startswith(start)]
    assert style.unicode or all(ord(sign) < 128 for sign in set("".join(lines)) - set("äöüÄÖÜßé"))


def test_off_the_terminal_nothing_is_cut() -> None:
    result = example("FY27-Q4", "2026-11-22")
    out = render(result, "table", TerminalStyle())
    for objective in result.cards[0].objectives:
        shown = [one.node for one in objective.key_results if objective.state == "active"]
        for node in (objective.node, *shown):
            assert node.model.title in out and node.id in out
    assert "…" not in out and "~" not in out
    confidences = [one.confidence for objective in result.cards[0].objectives for one in objective.key_results]
    assert out.count("confidence ") == sum(confidence is not None for confidence in confidences) > 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("title", TITLES, ids=["german", "emoji", "hebrew", "arabic", "japanese", "markup"])
def test_titles_end_in_an_ellipsis_and_are_never_read_as_markup(title: str, width: int) -> None:
    out = render(titled([title]), "table", TerminalStyle(width=width))
    lines = out.splitlines()
    assert max(display_width(line) for line in lines) <= width
    readable = letters(title.replace("\x1b", "\\x1b").replace("\x07", "\\x07"))
    [key_result] = [letters(line) for line in lines if line.startswith("  ") and "0 %" in line]
    shown = key_result.partition("…")[0]
    assert readable.startswith(shown) or key_result.startswith(readable)
    assert len(shown) >= 6
    assert "\x1b" not in out and "\x07" not in out


def columns(line: str) -> list[int]:
    """The columns of the screen at which the edges of a bar stand."""
    return [display_width(line[:place]) for place, sign in enumerate(line) if sign in "▕▏" and line[place - 1] != "█"]


@pytest.mark.parametrize("width", WIDTHS)
def test_columns_stand_in_the_same_place_whatever_the_script(width: int) -> None:
    lines = render(titled(TITLES), "table", TerminalStyle(width=width)).splitlines()
    bars = [columns(line)[0] for line in lines if "▕" in line]
    assert len(bars) == len(TITLES) and len(set(bars)) == 1


def test_text_from_right_to_left_stands_between_marks() -> None:
    [line] = layout_row([Cell(TITLES[2]), Cell("0.50")], [60, 4], TerminalStyle(width=80))
    assert line.startswith("\u200e") and line.rstrip().endswith("\u200e" + line.rpartition("\u200e")[2])
    [plain] = layout_row([Cell("Ärzte"), Cell("0.50")], [60, 4], TerminalStyle(width=80))
    assert "\u200e" not in plain
    [ascii_only] = layout_row([Cell(TITLES[2]), Cell("0.50")], [60, 4], TerminalStyle(width=80, unicode=False))
    assert "\u200e" not in ascii_only


@pytest.mark.parametrize("width", WIDTHS)
def test_colour_adds_no_information(width: int) -> None:
    result = example("FY27-Q4", "2026-11-22")
    painted, plain = (render(result, "table", TerminalStyle(color, width)) for color in (True, False))
    assert painted != plain
    assert [line.rstrip() for line in ESCAPES.sub("", painted).splitlines()] == plain.splitlines()
    words = set(re.findall(r"at risk|in bounds|[a-z]+", plain))
    assert {"at risk", "behind", "stale", "broken"} <= words


def test_piped_rows_are_whole_however_long_they_get() -> None:
    out = render(titled([TITLES[0] * 3]), "table", TerminalStyle())
    [line] = [line for line in out.splitlines() if line.startswith("  ") and " k0 " in line]
    assert TITLES[0] * 3 in line and "0 → 9 Personen" in line and "─" not in out


@pytest.mark.parametrize("objectives", [1, 40])
def test_one_and_many_objectives(objectives: int) -> None:
    world = World("", tuple(("to: 9, readings: {2026-05-01: 3}", "done: false") for _ in range(objectives)))
    out = render(Scorecards([world.card(date(2026, 5, 20))]), "table", TerminalStyle(width=80))
    assert out.count("33 %") == objectives
    assert f"{2 * objectives} of {2 * objectives} key results measured" in out


def test_progress_stands_beside_the_score_where_they_differ(tmp_path: Path) -> None:
    out = one_line(tmp_path, "to: 100, readings: {2026-05-01: 125}")
    assert re.search(r"1\.00 +125 %", out)
    assert "1.00" not in one_line(tmp_path, "to: 100, readings: {2026-05-01: 100}")


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("from: 5, to: 9, unit: EUR, readings: {2026-05-01: 6}", "6 EUR  5 → 9 EUR"),
        ("from: $5k, to: $9k, readings: {2026-05-01: $6k}", "$6000  $5000 → $9000"),
        ("to: TBD, unit: users, readings: {2026-05-01: 6}", "-  0 → TBD users"),
        ("to: 4, stretch: 6, readings: {2026-05-01: 1}", "1  0 → 4 (stretch 6)"),
        ("at_least: 98%, readings: {2026-05-01: 99%}", "99 %  at least 98 %"),
        ("between: [3, 5], readings: {2026-05-01: 4}", "4  3 to 5"),
        ("at_most: 3, judge: held, readings: {2026-04-10: 9, 2026-05-01: 2}", "2  at most 3, held 1 of 3"),
        ("done: false, due: 2026-06-01", "open  due 2026-06-01"),
        ("done: 2026-05-02", "done  on 2026-05-02"),
        ("milestones: [{title: A, done: 2026-05-02}, {title: B, done: false}]", "1 of 2  milestones"),
        ("graded: true, readings: {2026-05-01: 7/10}", "0.7  grade"),
        ("graded: {0.3: A, 0.7: B}, readings: {2026-05-01: 0.6}", "0.6  grade, step 0.3"),
    ],
)  # fmt: skip
def test_value_and_range(tmp_path: Path, measure: str, words: str) -> None:
    assert words in re.sub(" {2,}", "  ", one_line(tmp_path, measure))


def one_line(tmp_path: Path, measure: str) -> str:
    """The line of a key result off the terminal."""
    objective = f"{{id: o, title: T, owner: ada, key_results: [{{id: k, title: R, {measure}}}]}}"
    text = f"period: 2026-Q2\nobjectives: [{objective}]\n"
    result = run("score", cwd=write(tmp_path, {"okrs/a.yaml": text}), today="2026-05-20")
    assert result.status == 0, result.err
    return next(line for line in result.out.splitlines() if line.startswith("  R "))


def test_the_projected_range_says_that_it_holds_four_ends_in_five(tmp_path: Path) -> None:
    """Steps of 10, 0, 20 and 10 over ten days each: 90 ± 44.9 on 30 June."""
    steps = "2026-04-11: 10, 2026-04-21: 10, 2026-05-01: 30, 2026-05-11: 40"
    objective = f"{{id: o, title: T, owner: ada, key_results: [{{id: k, title: R, to: 100, readings: {{{steps}}}}}]}}"
    root = write(tmp_path, {"okrs/a.yaml": f"period: 2026-Q2\nobjectives: [{objective}]\n"})
    words = "projected 90 (80 %: 45 to 135) by 2026-06-30"
    assert words in run("score", cwd=root, today="2026-05-20").out
    shown = run("show", "k", cwd=root, today="2026-05-20").out
    assert words in shown and "◌ projected  ┆ 80 % range" in shown
    assert words in run("report", "--full", "--format", "markdown", cwd=root, today="2026-05-20").out
    page = run("report", "--full", "--format", "html", cwd=root, today="2026-05-20").out
    assert "likely 45 to 135 on 30 Jun (80\u00a0% range)" in page
    last_day = run("report", "--full", "--format", "html", cwd=root, today="2026-06-30").out
    assert "80 % range" not in last_day
    early = run("show", "k", cwd=root, today="2026-05-10").out
    assert "projected     too few readings for a range" in early and "80 %" not in early


def test_a_score_by_hand_is_marked_with_both_figures(tmp_path: Path) -> None:
    text = (
        "period: 2026-Q2\nobjectives:\n  - id: o\n    title: T\n    owner: ada\n"
        "    score: {value: 0.6, by: ada, reason: A second look}\n"
        "    key_results: [{id: k, title: R, to: 10, readings: {2026-05-01: 5}}]\n"
    )
    out = run("score", cwd=write(tmp_path, {"okrs/a.yaml": text}), today="2026-05-20").out
    assert "by hand 0.60, computed 0.50 (ada: A second look)" in out


def test_a_period_ahead_has_no_score_and_says_so(tmp_path: Path) -> None:
    root = write(tmp_path, {"okrs/a.yaml": World("", (("to: 9",),)).text()})
    out = run("score", "2026-Q2", cwd=root, today="2026-03-30").out
    assert "begins in 2 days, no score yet" in out and "0.00" not in out and "not started" in out


@settings(max_examples=40, deadline=None)
@given(WORLDS, DAYS, st.sampled_from(STYLES))
def test_any_scorecard_fits(world: World, day: date, style: TerminalStyle) -> None:
    out = render(Scorecards([world.card(day)]), "table", style)
    assert max(display_width(line) for line in out.splitlines()) <= (style.width or 0)


@given(st.text(), st.integers(8, 60))
def test_breaking_loses_nothing_but_spaces(text: str, width: int) -> None:
    lines = fold_text(text, width)
    assert letters("".join(lines)) == letters(text)
    assert all(display_width(line) <= width for line in lines)


@given(st.fractions(-2, 3), st.one_of(st.none(), st.fractions(-1, 2)), st.sampled_from([ASCII, UNICODE]))
def test_a_bar_has_always_its_cells(progress: object, expected: object, glyphs: object) -> None:
    drawn = progress_bar(progress, expected, glyphs, 10)  # type: ignore[arg-type]
    assert len(drawn) == 10
    assert (expected is not None) == any(sign in drawn for sign in "┃|")


def test_thousands_of_objectives_are_drawn_at_once() -> None:
    world = World("", tuple(("to: 9, readings: {2026-05-01: 3}",) for _ in range(1499)))
    result = Scorecards([world.card(date(2026, 5, 20))])
    for style in (TerminalStyle(), TerminalStyle(width=100)):
        drawn = render(result, "table", style).count("33 %")
        assert drawn == 1499


def test_lines_go_to_a_terminal_that_knows_only_its_own_characters() -> None:
    out = render(example("FY27-Q4", "2026-11-22"), "table", TerminalStyle(width=100, unicode=False))
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    stream.write(out)
