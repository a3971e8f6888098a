"""Tests of the rules about numbers: zero ranges, units, percentages, sums, guardrails, formulas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl import scoring
from tests.check.rules.pages import TODAY, characters, found, marked, okr, opened

KPIS = """kpis:
  - {id: rate, title: Rate, owner: x, better: higher, unit: "%", readings: {2026-04-01: 40}}
  - {id: signups, title: Sign-ups, owner: x, better: higher, unit: users, aggregate: sum}
  - {id: hours, title: Hours, owner: x, better: lower, readings: {2026-04-02: 5h}}
"""


def marks(key_results: str, code: str, kpis: str = KPIS) -> list[str]:
    """What a rule marks in a file with these key results beside the KPIs; `!` is put before marks in other files."""
    files = {"okrs/page.yaml": okr(key_results), "kpis/k.yaml": kpis}
    return [("" if one.path == "okrs/page.yaml" else "!") + marked(files, one) for one in found(files, code)]


# OKR212


@pytest.mark.parametrize(
    ("key_results", "mark"),
    [
        ("{id: g, title: G, at_most: 5, guards: all}", ["key_results"]),
        ("{id: g, title: G, to: 5, state: deprioritized, reason: x, since: 2026-05-01}", ["key_results"]),
        ("{id: g, title: G, to: 5, state: draft}\n{id: h, title: H, to: 5}", []),
        ("{id: g, title: G, too: 5}", []),
        ("nonsense", []),
    ],
)
def test_an_objective_needs_a_scored_key_result(key_results: str, mark: list[str]) -> None:
    assert marks(key_results, "OKR212") == mark


@pytest.mark.parametrize("rest", ["", "    key_results:\n", "    state: active\n"])
def test_an_objective_without_key_results_is_marked_at_its_title(rest: str) -> None:
    text = okr("{}").partition("    key_results")[0] + rest
    assert [marked(text, one) for one in found(text, "OKR212")] == ["Customers know where their products come from"]


def test_a_draft_may_be_empty() -> None:
    assert found(okr("{}", state="draft").partition("    key_results")[0], "OKR212") == []


# OKR301


@pytest.mark.parametrize(
    ("key_result", "mark"),
    [
        ("from: 5, to: 5.0", ["5.0"]),
        ("from: 1k, to: 1000", ["1000"]),
        ("to: 0", ["0"]),
        ("from: 5, change: +0", ["+0"]),
        ("from: 0, change: -7%", ["-7%"]),
        ("from: 5, change: x1", ["x1"]),
        ("from: 5, to: 6", []),
        ("from: TBD, to: 5", []),
        ("from: 0, to: TBD", []),
        ("kpi: rate, to: 0", []),
        ("kpi: rate, change: +5pp", []),
        ("from: 5, change: -7%", []),
        ("at_most: 0", []),
    ],
)
def test_baseline_and_target_must_differ(key_result: str, mark: list[str]) -> None:
    assert marks(f"{{id: a, title: A, {key_result}}}", "OKR301") == mark


numbers = st.sampled_from(["0", "1", "5", "5.0", "1k", "1000", "TBD"])
changes = st.sampled_from(["+0", "-0%", "x1", "x2", "-5%", "+5", "-5"])


@given(numbers | st.none(), numbers.map("to: {}".format) | changes.map("change: {}".format))
def test_the_range_is_zero_exactly_when_scoring_finds_no_range(start: str | None, goal: str) -> None:
    begin = f"from: {start}, " if start else ""
    text = okr(f"{{id: a, title: A, {begin}{goal}, readings: {{2026-05-04: 3}}}}")
    workspace, _ = opened(text, "", TODAY)
    (period,) = workspace.periods
    (one,) = scoring.build_scorecard(workspace, period, TODAY).objectives[0].key_results
    if goal.startswith("change") and not start:
        return
    assert bool(found(text, "OKR301")) == ("start and target are equal" in (one.error or ""))


# OKR302


@pytest.mark.parametrize(
    ("key_result", "mark"),
    [
        ("from: 3 days, to: 5h", ["5h"]),
        ("unit: users, to: 5 shops", ["5 shops"]),
        ("unit: EUR, to: $5", ["$5"]),
        ("to: 5h, readings: {2026-05-04: 6h, 2026-05-05: 2 days, 2026-05-06: 3 days}", ["2 days"]),
        ("to: 5h, readings: {2026-05-04: {value: 2 days, note: x}}", ["2 days"]),
        ("to: 5h, readings: {2026-05-04: {value: 3, forecast: 4 EUR}}", ["4 EUR"]),
        ("to: 5h, readings: {2026-05-04: {value: 3h, forecast: 4h}}", []),
        ("to: 5, readings: {2026-05-04: {forecast: 4 EUR}}", []),
        ("to: 5, readings: {2026-05-04: 3, 2026-05-05: {value: 4, forecast: 4 EUR}}", ["4 EUR"]),
        ("to: 5h, from: 1h, plan: {2026-05-04: 2 days}", ["2 days"]),
        ("to: 5h, from: 1h, stretch: 9 days", ["9 days"]),
        ("between: [5h, 6 days]", ["6 days"]),
        ("from: 5 EUR, change: -7pp", ["-7pp"]),
        ("from: 5%, change: -3h", ["-3h"]),
        ("from: 5 EUR, change: -7%", []),
        ("from: 5 EUR, change: {a: b}, to: 5", []),  # two measures, which is said elsewhere
        ("from: 5%, change: -7pp", []),
        ("unit: €, from: 5 EUR, to: 9", []),
        ('unit: "%", from: 5, to: 9%', []),
        ("unit: users, from: 5, to: 9, readings: {2026-05-04: 6}", []),
        ("from: 1 day, to: 5 days", []),
        ("from: 5m/s, to: 9m/s", []),
        ("unit: kEUR, from: 5kEUR, to: 9 kEUR, plan: {2026-05-04: 7kEUR}", []),
        ("unit: kEUR, from: 5kEUR, change: +4kEUR", []),
        ("unit: kEUR, from: 5kEUR, to: 9 EUR", ["9 EUR"]),
        ("unit: kEUR, from: 5, to: 9kUSD", ["9kUSD"]),
        ("unit: EUR, from: 5kEUR, to: 9 kEUR", []),
        ("kpi: rate, to: 5h", ["5h"]),
        ("kpi: hours, to: 5 days", ["5 days"]),
        ("kpi: rate, to: 50", []),
        ("kpi: rate, to: 50%", []),
        ("kpi: hours, unit: h, to: 4", []),
    ],
)
def test_units_agree(key_result: str, mark: list[str]) -> None:
    assert marks(f"{{id: a, title: A, {key_result}}}", "OKR302") == mark


def test_the_first_unit_is_shown_as_well() -> None:
    text = okr("{id: a, title: A, from: 3 days, to: 5h}")
    (one,) = found(text, "OKR302")
    assert [characters(text, other.span) for other in one.related] == ["3 days"]


@pytest.mark.parametrize(
    ("members", "own", "mark"),
    [
        ("[euro, euro2]", "", []),
        ("[euro, users]", "", ["users"]),
        ("[users]", ", unit: EUR", ["users"]),
        ("[euro, done]", "", ["done"]),
        ("[euro, origin]", "", ["origin"]),
        ("[plain, euro]", "", []),
        ("[viakpi, euro]", "", ["euro"]),
        ("[euro, unknown]", "", []),
    ],
)
def test_the_members_of_a_rollup_have_numbers_of_one_unit(members: str, own: str, mark: list[str]) -> None:
    text = (
        "{id: euro, title: E, to: 5 EUR}\n{id: euro2, title: F, to: 9 €}\n{id: users, title: U, to: 5 users}\n"
        "{id: done, title: D, done: false}\n{id: plain, title: P, to: 5}\n{id: viakpi, title: V, kpi: rate, to: 50}\n"
        f"{{id: sum, title: S, to: 50{own}, rollup: {{sum: {members}}}}}"
    )
    assert marks(text, "OKR302") == mark


def test_kpis_have_one_unit_too_and_csv_files_their_line() -> None:
    kpis = 'kpis: [{id: k, title: K, owner: x, better: higher, unit: "%", watch: {below: 5h}, readings: k.csv}]\n'
    files = {"kpis/k.yaml": kpis, "kpis/k.csv": "date,value\n2026-04-01,5\n2026-04-02,6 EUR\n"}
    first, second = found(files, "OKR302")
    assert (first.path, first.span.line, marked(files, second)) == ("kpis/k.csv", 3, "5h")


@pytest.mark.parametrize(
    ("within", "mark"),
    [("2%", []), ("2", []), ("2pp", []), ("2 EUR", ["2 EUR"])],
)
def test_what_is_steady_is_steady_in_the_unit_of_the_kpi(within: str, mark: list[str]) -> None:
    text = (
        "period: 2026-Q2\nobjectives:\n  - {id: o, title: T, owner: x, "
        f"hypothesis: {{kpi: rate, expect: steady, within: {within}}}, key_results: [{{id: k, title: K, to: 5}}]}}\n"
    )
    files = {"okrs/page.yaml": text, "kpis/k.yaml": KPIS}
    assert [marked(files, one) for one in found(files, "OKR302")] == mark


@pytest.mark.parametrize(
    ("hypothesis", "message"),
    [
        ("{kpi: rate, expect: up, within: 2}", "`within` has no use with `expect: up`"),
        ("{kpi: rate, expect: steady, within: -2}", "'-2' is below 0"),
        ("{kpi: rate, expect: steady, within: some}", "'some' is not a valid number"),
        ("{kpi: rate, expect: steady, within: 2}", None),
    ],
)
def test_within_belongs_to_what_is_to_stay_steady(hypothesis: str, message: str | None) -> None:
    text = (
        f"period: 2026-Q2\nobjectives:\n  - {{id: o, title: T, owner: x, hypothesis: {hypothesis},"
        " key_results: [{id: k, title: K, to: 5}]}\n"
    )
    messages = [one.message for one in found({"okrs/page.yaml": text, "kpis/k.yaml": KPIS}, "OKR004")]
    assert messages == ([] if message is None else messages) and (message is None or message in messages[0])


# OKR307, OKR309, OKR313, OKR319, OKR320


@pytest.mark.parametrize(
    ("key_result", "mark"),
    [
        ("to: 95%", ["95%"]),
        ('unit: "%", to: 95', ["95"]),
        ("to: -5", ["-5"]),
        ("to: 95%, state: draft", []),
        ("to: 100%", []),
        ("to: 95", []),
        ("from: 72%, to: 95%", []),
        ("from: TBD, to: 95%", []),
        ("kpi: rate, to: 95%", []),
        ("kpi: hours, to: 3h", ["hours"]),  # the first value of hours is a day late
        ("kpi: hours, change: -1h", ["hours"]),
        ("kpi: hours, from: 6h, to: 3h", []),
        ("kpi: hours, from: TBD, to: 3h", []),
        ("kpi: hours, to: 3h, added: 2026-04-02", []),
        ("kpi: hours, to: 3h, state: draft", []),
        ("kpi: hours, at_most: 3h", []),
        ("kpi: signups, to: 3", []),  # a sum starts at 0
        ("to: TBD, readings: {2026-05-04: 5%}", []),
        ("at_least: 95%", []),
    ],
)
def test_a_share_needs_a_baseline(key_result: str, mark: list[str]) -> None:
    assert marks(f"{{id: a, title: A, {key_result}}}", "OKR307") == mark


@pytest.mark.parametrize(
    ("key_result", "mark"),
    [
        ("from: 4.3%, change: -1", ["-1"]),
        ("kpi: rate, change: -1", ["-1"]),
        ("kpi: hours, change: -1", []),
        ("from: 4.3%, change: -1pp", []),
        ("from: 4.3%, change: -1%", []),
        ("from: 4.3%, change: x2", []),
        ("from: 4.3, change: -1", []),
    ],
)
def test_a_change_of_a_percentage_must_be_unambiguous(key_result: str, mark: list[str]) -> None:
    assert marks(f"{{id: a, title: A, {key_result}}}", "OKR309") == mark


@pytest.mark.parametrize(
    ("key_result", "mark"),
    [
        ("at_most: 5, guards: all, weight: 2", ["weight"]),
        ("to: 5, guards: b", ["guards"]),
        ("done: false, guards: b, weight: 2", ["guards", "weight"]),
        ("between: [1, 5], guards: b", []),
    ],
)
def test_a_guardrail_has_a_limit_and_no_weight(key_result: str, mark: list[str]) -> None:
    assert sorted(marks(f"{{id: a, title: A, {key_result}}}\n{{id: b, title: B, to: 5}}", "OKR313")) == mark


@pytest.mark.parametrize(
    ("key_result", "mark"),
    [
        ("from: 0.72, to: 95%", ["0.72"]),
        ("from: 72%, to: 0.95", ["0.95"]),
        ('unit: "%", from: 72, to: 95, readings: {2026-05-04: 0.74}', ["0.74"]),
        ('unit: "%", from: 72, to: 95, readings: {2026-05-04: 0.74, 2026-05-11: 0.8}', []),  # left to OKR324
        ("from: 72%, to: 95%, readings: {2026-05-04: {value: 0.74}}", ["0.74"]),
        ("from: 72%, to: 95%, readings: {2026-05-04: 0.74%}", []),
        ("from: 0.72, to: 5%", []),
        ("from: 0, to: 95%", []),
        ("from: 0.72, to: 95", []),
        ("from: 1, to: 95%", []),
    ],
)
def test_a_fraction_next_to_percentages_is_suspicious(key_result: str, mark: list[str]) -> None:
    assert marks(f"{{id: a, title: A, {key_result}}}", "OKR319") == mark


def test_many_fractions_are_one_finding() -> None:
    text = okr("{id: a, title: A, from: 0.72, to: 95%, stretch: 0.97, plan: {2026-05-15: 0.8}}")
    (one,) = found(text, "OKR319")
    assert "2 more" in one.message and "`72%`" in one.help


@pytest.mark.parametrize(
    ("key_result", "mark"),
    [
        ("from: 5%, to: 95%, aggregate: sum", ["sum"]),
        ("from: 5, to: 95, aggregate: sum", ["from"]),
        ("from: 5, change: +3, aggregate: sum", ["change"]),
        ("at_most: 5, judge: held, aggregate: sum", ["judge"]),
        ("kpi: signups, from: 5, to: 95", ["from"]),
        ("kpi: signups, change: x2", ["change"]),
        ("kpi: signups, to: 95", []),
        ("to: 95, aggregate: sum", []),
        ("at_most: 5, aggregate: sum", []),
        ("from: 5%, to: 95%, aggregate: mean", []),
        ("from: 5, to: 95", []),
    ],
)
def test_impossible_sums(key_result: str, mark: list[str]) -> None:
    assert marks(f"{{id: a, title: A, {key_result}}}", "OKR320") == mark


def test_a_kpi_in_percent_is_not_summed() -> None:
    kpis = 'kpis: [{id: k, title: K, owner: x, better: higher, unit: "%", aggregate: sum}]\n'
    assert marks("{id: a, title: A, to: 5}", "OKR320", kpis) == ["!sum"]


# OKR403


@pytest.mark.parametrize(
    ("formula", "mark", "said"),
    [
        ("rate – hours", "–", "an en dash"),
        ("'rate × hours'", "×", "write *"),
        ('"rate x hours"', "x", "write *"),
        ("rate + (hours", "(", "never closed"),
        ("rate +", "+", "nothing follows"),
        ("rate hours", "hours", "operator is missing"),
    ],
)
def test_a_formula_is_marked_at_its_error(formula: str, mark: str, said: str) -> None:
    kpis = f"{KPIS}  - {{id: k, title: Ünits, owner: x, better: higher, formula: {formula}}}\n"
    files = {"kpis/k.yaml": kpis}
    (one,) = found(files, "OKR403")
    assert marked(files, one) == mark
    assert said in one.message + one.help
    assert found(files, "OKR102") == []


def test_a_formula_over_several_lines_is_marked_as_a_whole() -> None:
    kpi = "  - id: k\n    title: K\n    owner: x\n    better: higher\n    formula: >-\n      rate\n      – 1\n"
    files = {"kpis/k.yaml": KPIS + kpi}
    (one,) = found(files, "OKR403")
    assert one.span.line == 9 and one.span.end_line > one.span.line


@pytest.mark.parametrize(
    ("key_result", "code", "said"),
    [
        ("from: 20, to: 10, stretch: 12", "OKR004", "the stretch '12' does not go beyond the target, 10"),
        ("from: 10, to: 95, readings: {2026-04-20: 20, 2026-04-27: 30%}", "OKR302", 'declare `unit: "%"`'),
        ("to: 5, weight: 1/3", "OKR004", "write a fraction as a decimal number, such as 0.5"),
        ("to: 5, weight: much", "OKR004", "write a number such as 2 or 0.5"),
        ("to: 5, readings: {2026-05-04: {value: 3, confidence: high}}", "OKR004", "write a number from 0 to 10"),
        ("graded: true, readings: {2026-05-04: high}", "OKR004", "write a grade from 0 to 1 as 0.7, 70% or 7/10"),
        ("to: 10%%", "OKR004", "write 10%"),
    ],
)
def test_the_advice_is_valid_in_its_place(key_result: str, code: str, said: str) -> None:
    (one,) = found(okr(f"{{id: a, title: A, {key_result}}}"), code)
    assert said in (one.message, one.help) or (code == "OKR302" and said in one.help)


@pytest.mark.parametrize(
    ("limits", "code", "said"),
    [
        ("objectives: 0", "OKR210", " has 1 objective in 2026-Q2, more than 0"),
        ("key_results: 0", "OKR303", "the objective has 1 key result, more than 0"),
    ],
)
def test_one_is_counted_as_one(limits: str, code: str, said: str) -> None:
    files = {"okrctl.yaml": f"limits: {{{limits}}}\n", "okrs/page.yaml": okr("{id: a, title: A, to: 5}")}
    (one,) = found(files, code)
    assert said in one.message
