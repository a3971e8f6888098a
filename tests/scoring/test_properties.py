"""What must hold of every score, whatever the files say."""

from __future__ import annotations

import ast
import operator
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from okrctl import scoring
from okrctl.analysis import explanation
from okrctl.scoring.rollup import weighted_mean
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.values.quantity import to_json
from tests.scoring.worlds import DAYS, END, NUMBERS, START, WORLDS, World, opened

LATER = st.integers(1, 30)
QUICK = settings(max_examples=40, deadline=None)


def key_results(card: Scorecard) -> list[KeyResultScore]:
    return [one for objective in card.objectives for one in objective.key_results]


@QUICK
@given(NUMBERS, NUMBERS, st.lists(NUMBERS, min_size=2, max_size=2, unique_by=float), DAYS)
def test_a_better_reading_never_lowers_a_score(one: str, other: str, way: list[str], day: date) -> None:
    start, goal = way
    up = float(goal) > float(start)
    worse, better = sorted((one, other), key=float, reverse=not up)

    def score(value: str) -> Fraction | None:
        return World("", ((f"from: {start}, to: {goal}, readings: {{{day}: {value}}}",),)).card(END).score

    low, high = score(worse), score(better)
    assert low is not None and high is not None and low <= high


@QUICK
@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_limit_is_never_lowered_by_coming_further_in(bound: str, one: str, other: str) -> None:
    worse, better = sorted((one, other), key=float)

    def score(value: str) -> Fraction | None:
        return World("", ((f"at_least: {bound}, readings: {{2026-05-01: {value}}}",),)).card(END).score

    low, high = score(worse), score(better)
    assert low is not None and high is not None and low <= high


@QUICK
@given(WORLDS, DAYS)
def test_scores_stay_within_floor_and_cap(world: World, day: date) -> None:
    assume("none" not in world.settings)
    card = world.card(day)
    scores = [card.score, *(team.score for team in card.teams), *(one.score for one in card.objectives)]
    scores += [one.score for one in key_results(card)]
    assert all(0 <= score <= 1 for score in scores if score is not None)


@QUICK
@given(WORLDS, DAYS)
def test_a_mean_lies_between_its_members(world: World, day: date) -> None:
    card = world.card(day)
    for one in card.objectives:
        members = [inner.score or Fraction(0) for inner in one.key_results if inner.counted]
        assert_between(one.score, members)
    for team in card.teams:
        assert_between(team.score, [one.score for one in team.objectives if one.score is not None])
    assert_between(card.score, [team.score for team in card.teams if team.score is not None])


def assert_between(whole: Fraction | None, members: list[Fraction]) -> None:
    assert (whole is None) == (members == [])
    assert whole is None or min(members) <= whole <= max(members)


@given(st.lists(st.tuples(st.fractions(), st.fractions(min_value=Fraction(1, 1000))), max_size=8))
def test_the_weighted_mean_lies_between_its_values(parts: list[tuple[Fraction, Fraction]]) -> None:
    assert_between(weighted_mean(parts), [value for value, _ in parts])


@QUICK
@given(WORLDS, DAYS, NUMBERS)
def test_a_guardrail_never_changes_a_score(world: World, day: date, bound: str) -> None:
    guardrail = f"at_most: {bound}, guards: all, readings: {{2026-04-02: 3}}"
    guarded = World(world.settings, tuple((*results, guardrail) for results in world.objectives))
    before, after = world.card(day), guarded.card(day)
    assert before.score == after.score
    assert [one.score for one in before.objectives] == [one.score for one in after.objectives]
    assert (before.measured_count, before.key_result_count) == (after.measured_count, after.key_result_count)


@QUICK
@given(WORLDS, DAYS, LATER, NUMBERS)
def test_a_reading_in_the_future_changes_nothing_today(world: World, day: date, later: int, value: str) -> None:
    future = day + timedelta(days=later)
    changed = World(world.settings, tuple(tuple(_with(one, future, value) for one in o) for o in world.objectives))
    assert _figures(world.card(day)) == _figures(changed.card(day))


def _with(result: str, day: date, value: str) -> str:
    """The key result with one more reading, where its measure takes readings with numbers."""
    if "graded" in result or "done" in result or str(day) in result:
        return result
    if "readings: {" in result:
        return result.replace("readings: {", f"readings: {{{day}: {value}, ")
    return f"{result}, readings: {{{day}: {value}}}"


def _figures(card: Scorecard) -> list[object]:
    objectives = [(one.score, one.status, one.decided_by, one.verdict) for one in card.objectives]
    results = [(one.value, one.progress, one.score, one.status, one.projection) for one in key_results(card)]
    return [card.score, card.measured_count, objectives, results]


@QUICK
@given(WORLDS, DAYS)
def test_an_explanation_recomputes_to_the_printed_score(world: World, day: date) -> None:
    workspace = world.open()
    card = scoring.build_scorecard(workspace, workspace.periods[0], day)
    scored: list[ObjectiveScore | KeyResultScore] = [*card.objectives, *key_results(card)]
    for one in scored:
        found = explanation.explain_score(workspace, one.node, day)
        assert found.score == one.score
        assert (found.formula == "") == (one.score is None)
        if one.score is not None:
            assert evaluated(found.formula) == one.score
            assert to_json(evaluated(found.formula)) == to_json(one.score)


OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def evaluated(formula: str) -> Fraction:
    """The exact value of a formula of numbers, + - * /, min and max."""

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant():
                return Fraction(ast.get_source_segment(formula, node) or "")
            case ast.BinOp():
                answer = OPERATIONS[type(node.op)](value(node.left), value(node.right))
                assert isinstance(answer, Fraction)
                return answer
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.Call(func=ast.Name(id="min" | "max" as name)):
                return (min if name == "min" else max)(value(one) for one in node.args)
        raise AssertionError(ast.dump(node))

    return value(ast.parse(formula, mode="eval").body)


def test_an_explanation_shows_where_each_number_is_written() -> None:
    text = (
        "period: 2026-Q2\nobjectives:\n  - id: o\n    title: T\n    key_results:\n      - id: k\n        title: R\n"
        "        to: 25000\n        unit: users\n        readings:\n          2026-04-13: 1200\n"
        "          2026-06-29: {value: 15250, note: Late}\n"
    )
    workspace = opened(text)
    found = explanation.explain_score(workspace, next(iter(workspace.key_results)), date(2026, 6, 30))
    assert found.formula == "(15250 - 0) / (25000 - 0)"
    places = [(one.name, one.value, one.path, one.line) for one in found.inputs]
    assert places == [("value", 15250, "okrs/a.yaml", 12), ("from", 0, None, None), ("to", 25000, "okrs/a.yaml", 8)]


def test_a_period_ahead_is_not_explained_but_said_to_begin() -> None:
    workspace = World("", (("to: 3",),)).open()
    found = explanation.explain_score(workspace, workspace.objectives[0], START - timedelta(days=1))
    assert (found.score, found.formula) == (None, "")
    assert found.steps == ["nothing to score: it begins on 2026-04-01"]
