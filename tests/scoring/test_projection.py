"""Which values of a key result enter its projection, what they can be, and what is not projected at all."""

from __future__ import annotations

from datetime import date
from fractions import Fraction as F

import pytest

from okrctl import scoring
from okrctl.scoring import key_result
from okrctl.scoring.scorecard import KeyResultScore
from okrctl.values.quantity import parse, written_places
from tests.scoring.worlds import opened

MIDDLE = date(2026, 5, 20)
# From 0 on 1 April: steps of 10, 0, 20 and 10 over ten days each; pace 1 a day, 51 days to 30 June.
STEPS = "2026-04-11: 10, 2026-04-21: 10, 2026-05-01: 30, 2026-05-11: 40"


def score(result: str, day: date = MIDDLE, kpis: str = "", more: str = "") -> KeyResultScore:
    text = f"period: 2026-Q2\nobjectives: [{{id: o, title: T{more}, key_results: [{{id: k, title: R, {result}}}]}}]\n"
    workspace = opened(text, kpis=f"kpis: [{kpis}]\n" if kpis else "")
    [scored] = scoring.build_scorecard(workspace, workspace.periods[0], day).objectives[0].key_results
    return scored


def end_of(scored: KeyResultScore) -> tuple[F, F, F]:
    projection = scored.projection
    assert projection is not None, scored.outlook
    return projection.value, projection.low, projection.high


def test_own_readings_go_on_to_the_last_day_of_the_period() -> None:
    scored = score(f"to: 100, readings: {{{STEPS}}}")
    assert scored.projection is not None
    assert scored.projection.value == 40 + 50  # pace 1, 50 days from 11 May to 30 June
    assert scored.projection.progress == F(9, 10)
    figures = scored.projection.figures
    assert (figures.steps, figures.days, figures.left, figures.pace) == (4, 40, 50, 1)
    # Residues 0, -10, 10 and 0: s is the root of 200 / 10 / 3; t(0.9, 3) = 1.6377; h = 50.
    width = 1.6377444 * (200 / 10 / 3 * 50 * (1 + 50 / 40)) ** 0.5  # 44.9
    assert (scored.projection.low, scored.projection.high) == (F(int(90 - width)), F(int(90 + width) + 1))


def test_the_last_day_counts_even_where_the_key_result_is_due_earlier() -> None:
    assert end_of(score(f"to: 100, due: 2026-05-31, readings: {{{STEPS}}}"))[0] == 90


def test_a_sum_goes_on_from_its_total_and_never_falls() -> None:
    """Totals 10, 20, 50, 90 from 0 on 31 March: 90 in 41 days, 50 days left."""
    scored = score(f"to: 300, aggregate: sum, readings: {{{STEPS}}}")
    assert scored.value == 90
    value, low, _ = end_of(scored)
    assert value == 90 + F(90, 41) * 50
    flat = score("to: 300, aggregate: sum, readings: {2026-04-11: 90, 2026-04-21: 0, 2026-05-01: 0, 2026-05-11: 0}")
    assert end_of(flat)[1] == 90
    assert low >= 90
    returns = STEPS.replace("2026-05-11: 40", "2026-05-11: -40")
    assert end_of(score(f"to: 300, aggregate: sum, readings: {{{returns}}}"))[1] < 10


def test_the_readings_of_a_kpi_go_on_too() -> None:
    kpi = f"{{id: g, title: G, better: higher, readings: {{2026-03-31: 0, {STEPS}}}}}"
    assert end_of(score("kpi: g, to: 100", kpis=kpi))[0] == 90
    summed = kpi.replace("better", "aggregate: sum, better")
    assert end_of(score("kpi: g, to: 300", kpis=summed))[0] == 90 + F(90, 41) * 50
    formula = f'{kpi}, {{id: f, title: F, better: higher, formula: "g / 3"}}'
    value, low, high = end_of(score("kpi: f, to: 100", kpis=formula))
    assert value == 30
    assert (100 * low).denominator == (100 * high).denominator == 1  # what is computed is rounded to two places


def test_a_formula_over_what_is_added_up_is_not_projected() -> None:
    kpis = f"{{id: g, title: G, better: higher, aggregate: sum, cadence: 10 days, readings: {{{STEPS}}}}}"
    formula = f'{kpis}, {{id: f, title: F, better: higher, formula: "2 * g"}}'
    assert score("kpi: f, to: 100", kpis=formula).outlook is None


@pytest.mark.parametrize(
    ("numbers", "low", "high"),
    [
        ("from: 0%, to: 90%", 0, 100),
        ("from: 120%, to: 90%", 0, None),
        ("from: 0, to: 90, unit: users", 0, None),
        ("from: -5, to: 90", None, None),
        ("from: 0, to: -90", None, None),
    ],
)
def test_a_range_is_held_inside_what_the_numbers_show_to_be_possible(
    numbers: str, low: int | None, high: int | None
) -> None:
    scored = score(f"{numbers}, readings: {{{STEPS}}}")
    assert scored.projection is not None
    assert scored.projection.bounds[:2] == (low, high)


@pytest.mark.parametrize(
    ("numbers", "places"),
    [("to: 90.5", 0), ("from: 0.00, to: 90", 2), ("from: 0.5, to: 90", 1), ("to: 90", 0)],
)
def test_a_range_is_rounded_to_the_finest_place_of_the_readings_and_the_start(numbers: str, places: int) -> None:
    scored = score(f"{numbers}, readings: {{{STEPS}}}")
    assert scored.projection is not None and scored.projection.bounds.places == places


def test_thousands_are_rounded_to_thousands() -> None:
    steps = "2026-04-11: 10k, 2026-04-21: 10k, 2026-05-01: 30k, 2026-05-11: 40k"
    _, low, high = end_of(score(f"from: 1k, to: 100k, readings: {{{steps}}}"))
    assert low % 1000 == 0 and high % 1000 == 0


@pytest.mark.parametrize(
    ("text", "places"),
    [("4.3", 1), ("72%", 0), ("70.80 %", 2), ("1.2M", -5), ("$200k", -3), ("1.25k", -1), ("0", 0), ("-0.5", 1)],
)
def test_the_written_place_of_a_number(text: str, places: int) -> None:
    assert written_places(parse(text)) == places


@pytest.mark.parametrize(
    ("result", "day", "outlook"),
    [
        ("to: 9, readings: {2026-04-11: 1, 2026-04-21: 2, 2026-05-01: 3}", MIDDLE, "too few readings for a range"),
        ("from: 7, to: 9, readings: {2026-04-11: 7, 2026-04-21: 7, 2026-05-01: 7, 2026-05-11: 7}",
         MIDDLE, "has not moved"),
        (f"to: 99, readings: {{{STEPS}, 2026-06-30: 50}}", date(2026, 6, 30), "known"),
    ],
)  # fmt: skip
def test_why_there_is_no_range(result: str, day: date, outlook: str) -> None:
    scored = score(result, day)
    assert (scored.outlook, scored.projection) == (outlook, None)


@pytest.mark.parametrize(
    ("result", "day", "more"),
    [
        (f"to: TBD, readings: {{{STEPS}}}", MIDDLE, ""),
        (f"from: TBD, to: 9, readings: {{{STEPS}}}", MIDDLE, ""),
        ("to: 9", MIDDLE, ""),
        (f"to: 90, aggregate: mean, readings: {{{STEPS}}}", MIDDLE, ""),
        (f"at_least: 9, readings: {{{STEPS}}}", MIDDLE, ""),
        ("done: false", MIDDLE, ""),
        (f"to: 90, readings: {{{STEPS}}}", date(2026, 7, 2), ""),
        (f"to: 90, readings: {{{STEPS}}}", date(2026, 3, 2), ""),
        (f"to: 90, state: postponed, since: 2026-05-01, reason: Later, readings: {{{STEPS}}}", MIDDLE, ""),
        (f"to: 90, readings: {{{STEPS}}}", MIDDLE, ", state: deprioritized, since: 2026-05-01, reason: Later"),
        ("to: 90, rollup: {sum: [x]}", MIDDLE, ""),
    ],
)
def test_what_is_not_projected(result: str, day: date, more: str) -> None:
    assert score(result, day, more=more).outlook is None


def test_what_joins_later_counts_from_that_day() -> None:
    scored = score(f"to: 100, added: 2026-04-21, readings: {{{STEPS}, 2026-05-16: 45}}")
    assert scored.outlook == "too few readings for a range"  # three steps: 21 April, 1, 11 and 16 May
    early = score(f"to: 100, added: 2026-04-15, readings: {{{STEPS}, 2026-05-16: 45}}")
    assert early.projection is not None and early.projection.figures.days == 31


def test_a_range_is_worked_out_once_and_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def count(*arguments: object) -> None:
        asked.append("a range")

    monkeypatch.setattr(key_result, "project_key_result", count)
    scored = score(f"to: 100, readings: {{{STEPS}}}")
    assert (scored.status, asked) == ("behind", [])
    assert (scored.outlook, scored.projection, asked) == (None, None, ["a range"])
