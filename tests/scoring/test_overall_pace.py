"""The pace of teams and periods, with words worked out by hand from the scores and what is expected of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from okrctl import scoring
from okrctl.scoring.scorecard import Scorecard
from okrctl.templates.demo import calendar, commits
from okrctl.workspace import Workspace, build_workspace, read_settings
from okrctl.yaml import Source
from tests.running import run, write
from tests.scoring.worlds import opened

TODAY = date(2026, 11, 10)

# The demo of that day, its quarter from 1 September to 30 November, by its weeks. In front the mean shortfall of
# company, app, markets, roastery and service in points, worked out by hand: at 25 a team is at risk, at 10 behind.
# On 10 November that is: company (31.6 + 0) / 2; app (17.2 + 0) / 2; markets ((2.8 + 77.8) / 2 + (23.9 + 27.6) / 2)
# / 2, where 77.8 is the key result without data; roastery 0; service (64.0 + 12.8 + 100) / 3. Their mean is 23.3.
DEMO_WEEKS: dict[str, tuple[list[int], str, str, int]] = {
    "2026-09-01": ([0, 0, 0, 0, 0], "starting starting starting starting starting", "starting", 0),
    "2026-09-08": ([8, 8, 8, 4, 5], "no-data no-data no-data on-track no-data", "no-data", 0),
    "2026-09-15": ([16, 6, 13, 2, 8], "behind on-track no-data on-track on-track", "on-track", 0),
    "2026-09-22": ([23, 7, 20, 6, 13], "behind on-track behind on-track behind", "behind", 0),
    "2026-09-29": ([23, 6, 24, 0, 12], "behind on-track behind on-track behind", "behind", 3),
    "2026-10-06": ([31, 7, 32, 3, 17], "at-risk on-track at-risk on-track behind", "behind", 4),
    "2026-10-13": ([24, 7, 35, 0, 15], "behind on-track at-risk on-track behind", "behind", 3),
    "2026-10-20": ([16, 8, 18, 0, 20], "behind on-track behind on-track behind", "behind", 3),
    "2026-10-27": ([16, 8, 19, 0, 19], "behind on-track behind on-track behind", "behind", 3),
    "2026-11-03": ([20, 9, 23, 0, 20], "behind on-track behind on-track behind", "behind", 3),
    "2026-11-10": ([16, 9, 33, 0, 59], "behind on-track at-risk on-track at-risk", "behind", 5),
}


@pytest.fixture(scope="module")
def demo() -> Workspace:
    """The files that the demo ends with."""
    texts: dict[str, str] = {}
    for commit in commits.demo_commits(calendar.build_calendar(TODAY), TODAY):
        texts |= commit.files
    config, known = read_settings(Source("okrctl.yaml", texts["okrctl.yaml"]))
    sources = [Source(path, text) for path, text in texts.items() if path.startswith(("okrs/", "kpis/"))]
    return build_workspace(sources, config, texts.__getitem__, known)


@pytest.mark.parametrize("day", DEMO_WEEKS)
def test_the_pace_of_the_demo_in_each_week(demo: Workspace, day: str) -> None:
    _, teams, whole, at_risk = DEMO_WEEKS[day]
    card = _card(demo, date.fromisoformat(day))
    assert [(team.pace or "").replace(" ", "-") for team in card.teams] == teams.split()
    assert ((card.pace or "").replace(" ", "-"), card.at_risk) == (whole, at_risk)


@pytest.mark.parametrize("day", list(DEMO_WEEKS)[2:])
def test_the_table_itself_agrees_with_the_thresholds(day: str) -> None:
    points, teams, whole, _ = DEMO_WEEKS[day]
    words = ["at-risk" if number > 25 else "behind" if number > 10 else "on-track" for number in points]
    assert [word for word, team in zip(words, teams.split(), strict=True) if team != "no-data"] == [
        team for team in teams.split() if team != "no-data"
    ]
    assert whole == ("behind" if sum(points) > 50 else "on-track")


def _card(workspace: Workspace, day: date) -> Scorecard:
    period = next(period for period in workspace.periods if period.runs_on(TODAY))
    return scoring.build_scorecard(workspace, period, day)


def _pace(results: str, day: str, settings: str = "", more: str = "") -> tuple[str | None, int | None]:
    """Pace and count of one objective's team, in the quarter from 1 April to 30 June."""
    text = f"period: 2026-Q2\nobjectives: [{{id: o, title: O, owner: ada, {more}key_results: [{results}]}}]\n"
    workspace = opened(text, settings)
    [team] = scoring.build_scorecard(workspace, workspace.periods[0], date.fromisoformat(day)).teams
    return team.pace, team.at_risk


def test_one_reading_among_ten_key_results_is_no_data() -> None:
    read = "{id: k0, title: R, to: 10, readings: {2026-05-10: 6}}"
    others = "".join(f", {{id: k{number}, title: R, to: 10}}" for number in range(1, 10))
    assert _pace(read + others, "2026-05-16") == ("no data", 0)
    assert _pace(read + others, "2026-05-16", "scoring: {missing: skip}\n") == ("no data", 0)


@pytest.mark.parametrize("settings", ["", "scoring: {cap: none}\n"])
@pytest.mark.parametrize("days", [15, 16, 30, 60, 90])
def test_three_hundred_percent_hide_no_zeros(days: int, settings: str) -> None:
    """From a sixth of the period on two zeros of three are worse than 10 points behind: 2/3 of 1/6 is 11 points."""
    day = date(2026, 4, 1) + timedelta(days=days)
    results = "{id: a, title: R, to: 10, readings: {%s: 30}}, {id: b, title: R, to: 10, readings: {%s: 0}}, "
    results += "{id: c, title: R, to: 10, readings: {%s: 0}}"
    expected = "behind" if days / 90 * 2 / 3 <= 0.25 else "at risk"
    assert _pace(results % (day, day, day), str(day), settings)[0] == expected


HALF = "2026-05-16"  # day 45 of 90: one half is expected


@pytest.mark.parametrize(
    ("results", "pace", "at_risk"),
    [
        ("{id: a, title: R, to: 10, readings: {2026-05-16: 4}}", "on track", 0),  # exactly 10 points
        ("{id: a, title: R, to: 100, readings: {2026-05-16: 39}}", "behind", 0),
        ("{id: a, title: R, to: 100, readings: {2026-05-16: 25}}", "behind", 0),  # exactly 25 points
        ("{id: a, title: R, to: 100, readings: {2026-05-16: 24}}", "at risk", 1),
        ("{id: a, title: R, to: 100, readings: {2026-04-16: 90}}", "stale", 0),  # 30 days, fortnightly
        # In bounds 0, out of bounds -1, each half of the weight: 50 points.
        ("{id: a, title: R, at_most: 5, readings: {2026-05-16: 6}}, {id: b, title: R, at_most: 5, "
         "readings: {2026-05-16: 4}}", "at risk", 1),
        # A limit without a reading does not enter: 5 points of the other, half of the weight has a reading.
        ("{id: a, title: R, at_most: 5}, {id: b, title: R, to: 100, readings: {2026-05-16: 45}}", "on track", 0),
        # 0 in place of no data: (5 + 50) / 2 = 27.5 points.
        ("{id: a, title: R, to: 100}, {id: b, title: R, to: 100, readings: {2026-05-16: 45}}", "at risk", 0),
        # By weight: (3 * 0 + 30) / 4 = 7.5 points.
        ("{id: a, title: R, weight: 3, to: 100, readings: {2026-05-16: 50}}, {id: b, title: R, to: 100, "
         "readings: {2026-05-16: 20}}", "on track", 1),
        # A guardrail out of bounds is counted and decides nothing.
        ("{id: a, title: R, to: 100, readings: {2026-05-16: 50}}, {id: g, title: R, at_most: 5, guards: all, "
         "readings: {2026-05-16: 6}}", "on track", 1),
        # Scored by hand at 20 %: 30 points.
        ("{id: a, title: R, to: 100, readings: {2026-05-16: 90}, score: {value: 20%, by: ada, reason: Doubt}}",
         "at risk", 0),
    ],
)  # fmt: skip
def test_the_figure_against_the_thresholds(results: str, pace: str, at_risk: int) -> None:
    assert _pace(results, HALF) == (pace, at_risk)


@pytest.mark.parametrize(("score", "pace"), [("45%", "on track"), ("39%", "behind"), ("20%", "at risk")])
def test_an_objective_scored_by_hand_enters_as_one(score: str, pace: str) -> None:
    results = "{id: a, title: R, to: 100}, {id: b, title: R, to: 100}"
    more = f"score: {{value: {score}, by: ada, reason: Seen}}, "
    assert _pace(results, HALF, more=more)[0] == pace


@pytest.mark.parametrize(
    ("day", "pace", "at_risk"),
    [("2026-03-31", "not started", 0), ("2026-04-07", "starting", 0), ("2026-04-08", "no data", 0),
     ("2026-06-30", "no data", 0), ("2026-07-01", None, None)],
)  # fmt: skip
def test_the_words_by_the_day(day: str, pace: str | None, at_risk: int | None) -> None:
    assert _pace("{id: a, title: R, to: 100}", day) == (pace, at_risk)


def test_nothing_to_score_has_no_pace() -> None:
    assert _pace("{id: a, title: R, at_most: 5, guards: all, readings: {2026-05-16: 6}}", HALF) == (None, 1)


def test_teams_weigh_alike_and_objectives_by_their_weight(tmp_path: Path) -> None:
    """Beta: (3 * 0 + 1 * 36) / 4 = 9 points, on track; alpha 50; the period (9 + 50) / 2 = 29.5 points, at risk."""
    result = "owner: ada, key_results: [{{id: k, title: R, to: 100, readings: {{2026-05-16: {}}}}}]"
    alpha = "{id: a, title: A, " + result.format(0) + "}"
    beta = ["{id: b, title: B, weight: 3, " + result.format(50) + "}", "{id: c, title: C, " + result.format(14) + "}"]
    root = write(
        tmp_path,
        {
            "okrs/a.yaml": f"period: 2026-Q2\nteam: alpha\nobjectives: [{alpha}]\n",
            "okrs/b.yaml": f"period: 2026-Q2\nteam: beta\nobjectives: [{', '.join(beta)}]\n",
        },
    )
    card = run("score", "2026-Q2", "--format", "json", cwd=root, today=HALF).json
    assert [(team["team"], team["pace"], team["at_risk"]) for team in card["teams"]] == [
        ("alpha", "at risk", 1),
        ("beta", "on track", 1),
    ]
    assert (card["pace"], card["at_risk"], card["band"]) == ("at risk", 2, None)
    objectives = [each for team in card["teams"] for each in team["objectives"]]
    assert [(each["pace"], each["at_risk"], each["band"]) for each in objectives] == [
        ("at risk", 1, None),
        ("on track", 0, None),
        ("at risk", 1, None),
    ]
    filtered = run("score", "2026-Q2", "--team", "beta", "--format", "json", cwd=root, today=HALF).json
    assert (filtered["pace"], filtered["at_risk"]) == ("at risk", 2)


COLOUR_WORDS = ("green", "yellow", "red")
COMMANDS = [
    "score", "score --format markdown", "score --format csv", "score --format json", "status", "status --format json",
    "status --format markdown", "tree", "tree --format json", "show o", "report", "report --full", "diff", "kpi",
    "report --full --format html", "explain o",
]  # fmt: skip


@pytest.mark.parametrize("line", COMMANDS)
def test_no_output_names_a_colour_while_the_period_runs(tmp_path: Path, line: str) -> None:
    text = "period: 2026-Q2\nobjectives:\n  - {id: o, title: O, owner: ada, key_results: [{id: k, title: R, to: 9, "
    text += "readings: {2026-05-10: 5}}]}\n  - {id: p, title: P, owner: ada, parent: o, key_results: [{id: l, "
    text += "title: S, to: 9, readings: {2026-05-10: 8}}]}\n"
    root = write(tmp_path, {"okrs/a.yaml": text})
    out = run(*line.split(), cwd=root, today=HALF).out.casefold()
    assert not [word for word in COLOUR_WORDS if f" {word}" in out or f'"{word}"' in out]


def test_bands_are_shown_where_they_are_asked_for(tmp_path: Path) -> None:
    text = "period: 2026-Q2\nobjectives: [{id: o, title: O, owner: ada, key_results: [{id: k, title: R, to: 9, "
    root = write(tmp_path, {"okrs/a.yaml": text + "readings: {2026-05-10: 5}}]}]\n"})
    assert "0.56 yellow" in run("score", "--bands", "--format", "markdown", cwd=root, today=HALF).out.replace("🟡 ", "")
    assert run("score", "--bands", "--format", "json", cwd=root, today=HALF).json["periods"][0]["band"] == "yellow"
