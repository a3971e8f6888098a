"""Small workspaces made by hypothesis: one period, all measures, readings on any day of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from okrctl import scoring
from okrctl.scoring.scorecard import Scorecard
from okrctl.workspace import Workspace, build_workspace, read_settings
from okrctl.yaml import Source

START, END = date(2026, 4, 1), date(2026, 6, 30)
DAYS = st.integers(0, 90).map(lambda days: START + timedelta(days=days))
NUMBERS = st.integers(-2000, 2000).map(lambda number: f"{number / 10:.1f}")
GRADES = st.integers(0, 100).map(lambda number: f"{number / 100:.2f}")
SETTINGS = ("", "scoring: {cap: none, floor: none}\n", "scoring: {missing: skip}\n", "scoring: {bands: google}\n")


@dataclass(frozen=True)
class World:
    """A workspace as text, to be opened on any day."""

    settings: str
    objectives: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """The one OKR file."""
        lines = ["period: 2026-Q2", "objectives:"]
        for number, results in enumerate(self.objectives):
            lines += [f"  - id: o{number}", f"    title: Goal {number}", "    owner: ada", "    key_results:"]
            lines += [f"      - {{id: k{place}, title: R, {result}}}" for place, result in enumerate(results)]
        return "\n".join(lines) + "\n"

    def open(self) -> Workspace:
        """The graph."""
        return opened(self.text(), self.settings)

    def card(self, day: date) -> Scorecard:
        """The scorecard on a day."""
        workspace = self.open()
        return scoring.build_scorecard(workspace, workspace.periods[0], day)


def opened(text: str, settings: str = "", kpis: str = "") -> Workspace:
    """The graph of one OKR file."""
    config, file = read_settings(Source("okrctl.yaml", settings) if settings else None)
    sources = [Source("okrs/a.yaml", text), *([Source("kpis/a.yaml", kpis)] if kpis else [])]
    workspace = build_workspace(sources, config, lambda path: "", file)
    assert workspace.broken_files == []
    return workspace


def readings(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Readings by day, perhaps none."""

    def written(found: dict[date, str]) -> str:
        inner = ", ".join(f"{day}: {value}" for day, value in found.items())
        return f", readings: {{{inner}}}" if found else ""

    return st.dictionaries(DAYS, values, max_size=5).map(written)


@st.composite
def measured(draw: Any) -> str:
    """A key result of any measure, with its readings."""
    kind = draw(st.sampled_from(["metric", "change", "limit", "held", "done", "milestones", "graded", "steps"]))
    start, goal = draw(st.lists(NUMBERS, min_size=2, max_size=2, unique_by=float))
    weight = draw(st.sampled_from(["", "", ", weight: 3", ", weight: 0.5"]))
    match kind:
        case "metric":
            how = draw(st.sampled_from(["latest", "sum", "mean"]))
            start = "" if how == "sum" else f"from: {start}, "
            if how == "sum" and float(goal) == 0:
                goal = "7"
            return f"{start}to: {goal}, aggregate: {how}{draw(readings(NUMBERS))}{weight}"
        case "change":
            by = draw(st.sampled_from(["+20", "x3", "-4"]))
            start = "7" if by == "x3" and float(start) == 0 else start
            return f"from: {start}, change: {by}{draw(readings(NUMBERS))}{weight}"
        case "limit":
            side = draw(st.sampled_from([f"at_least: {goal}", f"at_most: {goal}"]))
            guards = draw(st.sampled_from([weight, ", guards: all"]))
            return f"{side}{draw(readings(NUMBERS))}{guards}"
        case "held":
            return f"at_least: {goal}, judge: held, cadence: monthly{draw(readings(NUMBERS))}{weight}"
        case "done":
            return f"done: {draw(st.one_of(st.just('false'), DAYS.map(str)))}{weight}"
        case "milestones":
            steps = draw(st.lists(st.one_of(st.just("false"), DAYS.map(str)), min_size=1, max_size=4))
            return f"milestones: [{', '.join(f'{{title: S, done: {step}}}' for step in steps)}]{weight}"
        case "graded":
            return f"graded: true{draw(readings(GRADES))}{weight}"
    return f"graded: {{0.3: some, 0.7: most, 1: all}}{draw(readings(GRADES))}{weight}"


WORLDS = st.builds(
    World,
    st.sampled_from(SETTINGS),
    st.lists(st.lists(measured(), min_size=1, max_size=4).map(tuple), min_size=1, max_size=3).map(tuple),
)
