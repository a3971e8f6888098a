"""The rules that look back wait for the end of a period, and comments and settings silence them."""

from __future__ import annotations

from datetime import date

import pytest

from okrctl.check import rules
from okrctl.check.rule import Rule
from okrctl.check.rule_page import parse_page
from tests.check.rules.pages import files_of, review

BACKWARD = [rule for rule in rules.RULES if rule.scope == "outcomes"]
AFTER, BEFORE = date(2026, 4, 10), date(2026, 3, 31)


def bad(rule: Rule) -> dict[str, str]:
    return files_of(dict(parse_page(rule).examples)["Bad"])


def found(files: dict[str, str], day: date = AFTER, settings: str = "") -> list[str]:
    return [one.code for one in review(files, settings, day)]


def test_there_are_four() -> None:
    assert [rule.code for rule in BACKWARD] == ["OKR701", "OKR702", "OKR703", "OKR704"]


@pytest.mark.parametrize("rule", BACKWARD, ids=lambda rule: rule.name)
def test_nothing_is_said_while_the_period_runs(rule: Rule) -> None:
    assert found(bad(rule)) == [rule.code]
    assert found(bad(rule), BEFORE) == []


@pytest.mark.parametrize("rule", BACKWARD, ids=lambda rule: rule.name)
def test_settings_and_comments_silence_a_rule(rule: Rule) -> None:
    assert found(bad(rule), settings=f"rules: {{{rule.name}: ignore}}\n") == []
    path = "okrs/page.yaml"
    lines = bad(rule)[path].splitlines()
    place = next(n for n, line in enumerate(lines) if ("id: fraud" if rule.code == "OKR704" else "title: ") in line)
    lines[place] += f"  # okrctl: ignore[{rule.name}]"
    assert found({**bad(rule), path: "\n".join(lines) + "\n"}) == []


@pytest.mark.parametrize(
    ("before", "after", "turned"),
    [(40, 60, False), (55, 54, False), (40, 61, True), (50, 53, True), (40, 49, False)],
)
def test_a_kpi_between_bounds_gets_better_by_coming_nearer(before: int, after: int, turned: bool) -> None:
    readings = f"{{2025-12-31: {before}, 2026-03-31: {after}}}"
    kpi = f"kpis: [{{id: load, title: Load, owner: coo, between: [48, 52], readings: {readings}}}]\n"
    okrs = bad(BACKWARD[2])["okrs/page.yaml"].replace("satisfaction", "load")
    assert found({"okrs/page.yaml": okrs, "kpis/company.yaml": kpi}) == (["OKR703"] if turned else [])


def test_a_kpi_that_is_added_up_is_compared_over_as_many_days() -> None:
    readings = "{2025-11-01: 5, 2025-12-01: 9, 2026-01-10: 4, 2026-03-01: 4, 2026-04-05: 90}"
    kpi = f"kpis: [{{id: load, title: L, owner: coo, better: higher, aggregate: sum, readings: {readings}}}]\n"
    okrs = bad(BACKWARD[2])["okrs/page.yaml"].replace("satisfaction", "load")
    [one] = review({"okrs/page.yaml": okrs, "kpis/company.yaml": kpi}, today=AFTER)
    assert one.message == "succeeded at 0.80, while 'load' got worse: 14 to 8"


@pytest.mark.parametrize(("value", "score"), [("9996", "0.9996"), ("9940", "0.99"), ("7000", "0.70")])
def test_a_score_below_a_border_is_not_rounded_over_it(value: str, score: str) -> None:
    okrs = bad(BACKWARD[1])["okrs/page.yaml"].replace("to: 100, readings: {2026-03-30: 80}",
                                                      f"to: 10000, readings: {{2026-03-30: {value}}}")  # fmt: skip
    [one] = review({"okrs/page.yaml": okrs}, today=AFTER)
    assert (one.code, one.message) == (
        "OKR702", f"this committed objective ended at {score} and has no `retrospective`"
    )  # fmt: skip


def test_a_score_beside_a_kpi_is_not_rounded_over_a_border() -> None:
    files = bad(BACKWARD[2])
    files["okrs/page.yaml"] = files["okrs/page.yaml"].replace("to: 100, readings: {2026-03-30: 80}",
                                                              "to: 10000, readings: {2026-03-30: 6996}")  # fmt: skip
    files["kpis/company.yaml"] = files["kpis/company.yaml"].replace("2026-03-31: 68", "2026-03-31: 75")
    [one] = review(files, today=AFTER)
    assert one.message == "missed at 0.6996, while 'satisfaction' got better: 72 to 75"
