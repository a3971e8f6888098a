"""Numbers that are not what was meant: suspected slips, stray units and keys, confidences from 0 to 1."""

from __future__ import annotations

from dataclasses import replace

import pytest

from okrctl.check import rules
from tests.check.rules.pages import check, found, marked, okr

KPI = "  - {{id: {id}, title: Revenue, owner: x, better: higher, {rest}}}\n"


def marks(text: dict[str, str] | str, code: str) -> list[str]:
    """What a rule marks, in the order of the file; in a CSV file its line."""
    return [f"{one.path}:{one.span.line}" if one.path.endswith(".csv") else marked(text, one)
            for one in found(text, code)]  # fmt: skip


def messages(text: dict[str, str] | str, code: str) -> list[str]:
    return [f"{one.message} | {one.help}" for one in found(text, code)]


def of_key_result(keys: str, code: str = "OKR324") -> list[str]:
    return marks(okr(f"{{id: a, title: A, {keys}}}"), code)


def dated(values: str) -> str:
    """A mapping of readings, one a week from 6 April 2026 on."""
    days = ["2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27", "2026-05-04", "2026-05-11"]
    return "{" + ", ".join(f"{day}: {value}" for day, value in zip(days, values.split(), strict=False)) + "}"


# OKR324, a number far from its neighbours


@pytest.mark.parametrize(
    ("keys", "mark"),
    [
        (f"to: 2500, readings: {dated('1180 1235 1.24')}", ["1.24"]),
        (f"to: 20, readings: {dated('14 13 0.15')}", ["0.15"]),
        (f"to: 1, readings: {dated('0.82 0.8 84')}", ["84"]),
        (f"to: 2500, readings: {dated('-1180 -1235 -1.24')}", ["-1.24"]),
        (f"at_most: 900, readings: {dated('180 190 185000 188')}", ["185000"]),
        (f"to: 2500, readings: {dated('1180kg 1235kg 1.24kg')}", ["1.24kg"]),
        (f"to: 9M, readings: {dated('1.2M 1.3M 1.25')}", ["1.25"]),
        (f"from: 1.18, to: 2500, readings: {dated('1235 1240')}", ["1.18"]),  # `from` is the reading of the first day
        (f"from: 4.3, change: x2, readings: {dated('4.4 4.5 45000')}", ["45000"]),
        ("from: 1180, to: 2500, readings: {2026-04-06: 1.24}", ["1.24"]),  # `to` fills up
        ("to: 2500, readings: {2026-04-06: 1180, 2026-04-13: 1.24}", ["1.24"]),
        ("to: 2500, readings: {2026-04-06: 1.24}", []),  # one neighbour is too few
        (f"from: 0, to: 2500, readings: {dated('0 0 40 1100')}", []),  # zeros are no neighbours
        (f"to: 25, readings: {dated('1180 1235 1240')}", []),  # `to` is not judged
        (f"to: 2500, readings: {dated('1180 1235 12.4')}", ["12.4"]),
        (f"to: 2500, readings: {dated('1180 1235 124')}", []),  # tens are not looked for
        (f"to: 100, readings: {dated('40 41 2 42')}", []),  # small, but with no more decimals
        ("to: 2500, readings: {2026-04-06: 1180, 2026-04-13: 1235, 2026-04-20: {value: 1.24, note: A strike}}", []),
        ("to: 2500, readings: {2026-04-06: 1180, 2026-04-13: 1235, 2026-04-20: {value: 1.24, confidence: 3}}",
         ["1.24"]),
        ("done: false, readings: {2026-04-06: {confidence: 6}}", []),
        (f"graded: true, readings: {dated('0.7 0.7 0.01')}", []),  # grades
    ],
)  # fmt: skip
def test_a_number_far_from_its_neighbours(keys: str, mark: list[str]) -> None:
    assert of_key_result(keys) == mark


def test_the_message_names_the_neighbours_and_the_likely_number() -> None:
    (message,) = messages(okr(f"{{id: a, title: A, to: 2500 EUR, readings: {dated('1180 1235 1.24')}}}"), "OKR324")
    assert message == (
        "'1.24' is far from its neighbours 1235, 1180 and 2500, did you mean 1240?"
        " | write 1240; to keep 1.24, add a `note:`"
    )


def test_a_key_result_with_the_readings_of_a_kpi_is_judged_with_them() -> None:
    files = {
        "okrs/a.yaml": okr("{id: a, title: A, kpi: rev, from: 1.18, to: 2500}"),
        "kpis/a.yaml": "kpis:\n" + KPI.format(id="rev", rest="readings: {2026-04-06: 1190, 2026-04-13: 1205}"),
    }
    assert marks(files, "OKR324") == ["1.18"]


@pytest.mark.parametrize(
    ("rest", "mark"),
    [
        (f"readings: {dated('1180 1235 1.24')}", ["1.24"]),
        (f"readings: {dated('1180 1235 1250000')}", ["1250000"]),
        (f"readings: {dated('1180 1235')}", []),
        (f"unit: EUR, readings: {dated('1180 1235 1.24k')}", []),
    ],
)
def test_kpis_are_judged_too(rest: str, mark: list[str]) -> None:
    assert marks("kpis:\n" + KPI.format(id="rev", rest=rest), "OKR324") == mark


def test_a_reading_in_a_csv_file_is_named_with_its_line() -> None:
    files = {
        "okrs/a.yaml": okr("{id: a, title: A, to: 2500, readings: ../d.csv}"),
        "d.csv": "date,value\n2026-04-06,1180\n2026-04-13,1235\n2026-04-20,1.24\n",
    }
    assert marks(files, "OKR324") == ["d.csv:4"]


def test_an_ignore_comment_leaves_it_alone() -> None:
    readings = dated("1180 1235 1.24")
    text = okr(f"{{id: a, title: A, to: 2500, readings: {readings}}}  # okrctl: ignore[suspected-slip]")
    assert not found(text, "OKR324") and not found(text, "OKR011")


# OKR324, thousands written with a point


def test_thousands_with_a_point_are_all_named_with_both_ways_to_write_them() -> None:
    text = okr(f"{{id: a, title: A, to: 12.000, readings: {dated('950 1.100 1.250 1.400')}}}")
    assert marks(text, "OKR324") == ["12.000", "1.100", "1.250", "1.400"]
    assert [one.help.partition(";")[0] for one in found(text, "OKR324")] == [
        "write 12000, or 12 if the decimals are meant", "write 1100, or 1.1 if the decimals are meant",
        "write 1250, or 1.25 if the decimals are meant", "write 1400, or 1.4 if the decimals are meant",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "mark"),
    [
        ("to: 12.000 EUR, readings: {2026-04-06: 4500}", ["12.000 EUR"]),
        ("at_most: 12.000, readings: {2026-04-06: 4500}", ["12.000"]),
        ("between: [1.000, 2.000], readings: {2026-04-06: 950}", ["1.000", "2.000"]),
        ("to: 12.243, readings: {2026-04-06: 4500}", ["12.243"]),
        ("to: 12.000, readings: {2026-04-06: 300}", []),  # less than 32 times as large
        ("to: 12.000, readings: {2026-04-06: 4500.5}", []),  # one decimal: a point is a decimal point here
        ("to: 0.125, readings: {2026-04-06: 450}", []),  # the first digit is 0
        ("to: 12.000, readings: {2026-04-06: {value: 4.500, note: Right}, 2026-04-13: 5000}", ["12.000"]),
    ],
)
def test_numbers_that_are_thousands_or_not(keys: str, mark: list[str]) -> None:
    assert of_key_result(keys) == mark


def test_a_number_has_at_most_one_finding() -> None:
    text = okr(f"{{id: a, title: A, to: 2500, readings: {dated('1180 1235 1.240')}}}")
    assert marks(text, "OKR324") == ["1.240"]
    share = okr('{id: a, title: A, unit: "%", from: 0.72, to: 95, readings: {2026-04-06: 74}}')
    assert (marks(share, "OKR319"), marks(share, "OKR324")) == (["0.72"], [])


def test_the_target_of_a_key_result_shows_thousands_in_its_kpi() -> None:
    kpis = "kpis:\n" + KPI.format(id="rev", rest="readings: {2026-04-06: 1.100, 2026-04-13: 1.250}")
    assert not marks(kpis, "OKR324")
    files = {"okrs/a.yaml": okr("{id: a, title: A, kpi: rev, to: 2500}"), "kpis/a.yaml": kpis}
    (one,) = found(files, "OKR324")
    assert (one.path, marked(files, one)) == ("okrs/a.yaml", "rev")
    assert "'1.100' (1100, or 1.1), '1.250' (1250, or 1.25)" in one.message


def test_the_bounds_of_a_kpi_are_numbers_of_it() -> None:
    rest = "between: [1.000, 2.000], readings: {2026-04-06: 1500}"
    text = "kpis:\n" + KPI.format(id="rev", rest=rest).replace("better: higher, ", "")
    assert marks(text, "OKR324") == ["1.000", "2.000"]


# OKR319, confidences


@pytest.mark.parametrize(
    ("confidences", "mark"),
    [("0.8 0.6", ["0.8", "0.6"]), ("0.6 0", ["0.6"]), ("0.6 7", []), ("0.6 1", []), ("6 7", []), ("0 0", [])],
)
def test_a_confidence_between_0_and_1(confidences: str, mark: list[str]) -> None:
    days = zip(["2026-04-06", "2026-04-13"], confidences.split(), strict=True)
    readings = ", ".join(f"{day}: {{confidence: {confidence}}}" for day, confidence in days)
    assert of_key_result(f"to: 5, readings: {{{readings}}}", "OKR319") == mark
    assert of_key_result(f"done: false, readings: {{{readings}}}", "OKR319") == mark
    assert marks(okr("{id: a, title: A, to: 5}", readings=f"{{{readings}}}"), "OKR319") == mark


def test_a_confidence_of_another_goal_does_not_count() -> None:
    low, high = "{2026-04-06: {confidence: 0.6}}", "{2026-04-06: {confidence: 7}}"
    text = okr(f"{{id: a, title: A, to: 5, readings: {low}}}\n{{id: b, title: B, to: 5, readings: {high}}}")
    assert messages(text, "OKR319") == ["the confidence 0.6 is on a scale from 0 to 10, did you mean 6? | write 6"]


@pytest.mark.parametrize(("written", "help"), [("6/10", "write 6"), ("70%", "write 7"), ("3/4", "write 7.5")])
def test_another_scale_of_confidence_is_refused_with_what_to_write(written: str, help: str) -> None:
    text = okr(f"{{id: a, title: A, to: 5, readings: {{2026-04-06: {{confidence: {written}}}}}}}")
    assert messages(text, "OKR004") == [f"'{written}' is not a valid confidence | {help}"]


# OKR302, a unit at one reading


@pytest.mark.parametrize(
    ("keys", "severity"),
    [
        ("to: 100, readings: {2026-04-13: 30, 2026-05-04: 45x}", "warning"),
        ("to: 100, readings: {2026-04-13: 30, 2026-05-04: 45 users}", "warning"),
        ("at_most: 100, readings: {2026-04-13: 30, 2026-05-04: 45h, 2026-05-11: 40}", "warning"),
        ("to: 100, readings: {2026-04-13: 30h, 2026-05-04: 45}", None),  # at the first reading
        ("to: 100h, readings: {2026-04-13: 30, 2026-05-04: 45}", None),
        ("to: 100, readings: {2026-05-04: 45h}", None),  # the first and only one
        ("from: TBD, to: TBD, readings: {2026-04-13: 30, 2026-05-04: 45h}", None),  # one other number
        ("to: 100, unit: h, readings: {2026-04-13: 30, 2026-05-04: 45h}", None),
        ("to: 100, unit: h, readings: {2026-04-13: 30, 2026-05-04: 45d}", "error"),
        ("to: 100, readings: {2026-04-13: 30h, 2026-05-04: 45d}", "error"),
    ],
)
def test_a_unit_at_one_later_reading_alone(keys: str, severity: str | None) -> None:
    findings = found(okr(f"{{id: a, title: A, {keys}}}"), "OKR302")
    assert [one.severity for one in findings] == ([severity] if severity else [])


def test_a_unit_at_one_later_reading_of_a_kpi() -> None:
    text = "kpis:\n" + KPI.format(id="rev", rest="readings: {2026-04-06: 1, 2026-04-13: 2, 2026-04-20: 3t}")
    (one,) = found(text, "OKR302")
    assert (one.severity, marked(text, one)) == ("warning", "3t")
    assert one.help == "write the number alone, or declare `unit: t` if all numbers have it"


# Letters stuck to numbers


@pytest.mark.parametrize(
    ("number", "help"),
    [
        ("1O0", "write 100, if the letter O is meant as the digit 0"),
        ("4users", "write `4 users` with a space, or declare `unit: users`"),
        ("0x1F", "write 31 as a decimal number; hexadecimal numbers are not read"),
        ("0o5", "write 5 as a decimal number; octal numbers are not read"),
        ("1e3", "write 1000 without an exponent"),
    ],
)
def test_letters_that_stick_to_a_number_are_refused_wherever_it_stands(number: str, help: str) -> None:
    csv = {"okrs/a.yaml": okr("{id: a, title: A, to: 5, readings: ../d.csv}"), "d.csv": f"date,n\n2026-04-06,{number}"}
    assert [one.help for one in found(csv, "OKR015")] == [help]
    for keys in (f"to: {number}", f"to: 5, readings: {{2026-04-06: {number}}}", f"between: [1, {number}]"):
        assert [one.help for one in found(okr(f"{{id: a, title: A, {keys}}}"), "OKR004")] == [help]
    watch = "kpis:\n" + KPI.format(id="rev", rest=f"watch: {{below: {number}}}")
    assert [one.help for one in found(watch, "OKR004")] == [help]


def test_the_word_of_unit_may_stick_to_a_number() -> None:
    readings = "{2026-04-06: 4users, 2026-04-13: {value: 5 users, note: 5users}}"
    text = okr(f"{{id: a, title: A, to: 12users, unit: users, readings: {readings}}}")
    csv = {
        "okrs/a.yaml": okr("{id: a, title: A, to: 5, unit: users, readings: ../d.csv}"),
        "d.csv": "date,n\n2026-04-06,4users",
    }
    for files in (text, csv):
        assert not [one for one in check(files) if one.code in ("OKR004", "OKR015", "OKR302")]
    assert [marked(text, one) for one in found(text.replace("4users", "4user"), "OKR004")] == ["4user"]


def test_words_that_end_like_a_number_with_its_unit_stay_as_they_are() -> None:
    words = "id: 12codes, title: 12codes, owner: 12codes, tags: [12codes], formerly: 9codes"
    goal = f"{{{words}, from: 0, to: 30codes, unit: codes}}"
    assert [one for one in check(okr(goal)) if one.severity == "error"] == []


def test_a_unit_that_is_a_digit_takes_none_from_a_number() -> None:
    assert not found(okr("{id: a, title: A, to: 200, unit: 0}"), "OKR004")


# Keys without a value


@pytest.mark.parametrize(
    ("keys", "key", "help"),
    [
        ("to: 5, readings: {2026-04-14: 1.234,5}", "5", "a decimal comma? write 1234.5"),
        ("to: 5, readings: {2026-04-14: 12,5%}", "5%", "a decimal comma? write 12.5%"),
        ("to: 5, readings: {2026-04-14: 1,240}", "240", "a comma between thousands? write 1240"),
        ("to: 5, readings: {2026-04-14: {value: 0,125}}", "125", "a decimal comma? write 0.125"),
        ("to: 5, plan: {2026-04-14: 1,5}", "5", "a decimal comma? write 1.5"),
        ("to: 1,234,567", "234", "a comma between thousands? write 1234567"),
        ("to: 5, readings: {2026-04-14: 5, 2026-04-21}", "2026-04-21", "write `2026-04-21: VALUE`, or leave it out"),
        ("to: 5, owner", "owner", "write `owner: VALUE`, or leave it out"),
        ("to: 5, onwer", "onwer", "write `owner: VALUE`, or leave it out"),
        ("description: Fast, better, to: 5", "better", 'a comma in the text? quote it: "Fast, better"'),
        ("to: 5, readings: {2026-04-14: {value: 1, note: Well, good}}", "good",
         'a comma in the text? quote it: "Well, good"'),
        ("to: 5, readings: {csv: a.csv, date}", "date",
         "write `date: VALUE`, or leave it out; a text with a comma needs quotes"),
        ("to: 5, amended: {date: 2026-05-01, by: l, reason: r, was: {to}}", "to",
         "write `to: VALUE`, or leave it out"),
    ],
)  # fmt: skip
def test_a_key_without_a_colon_in_braces(keys: str, key: str, help: str) -> None:
    text = okr(f"{{id: a, title: A, {keys}}}")
    (one,) = found(text, "OKR004")
    assert (marked(text, one), one.help) == (key, help)
    assert one.message == f"the key '{key}' has no colon and no value"


def test_other_braces_are_checked_too() -> None:
    kpi = "kpis:\n" + KPI.format(id="rev", rest="watch: {below: 1,5}")
    period = okr("{id: a, title: A, to: 5}").replace("2026-Q2", "{id: c-7, start: 2026-04-13, end}")
    settings = {"okrctl.yaml": "defaults: {ambition: committed, kpi_cadence}\nrules: {no-parent}\n"}
    assert [marks(files, "OKR004") for files in (kpi, period, settings)] == [["5"], ["end"],
                                                                             ["kpi_cadence", "no-parent"]]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "teams: {product, trust}\npeople: {lea, max}\n",
        "teams:\n  product:\n  trust:\n",
        "teams: {product: , trust: {lead: lea}}\n",
    ],
)
def test_teams_and_people_may_be_names_alone(text: str) -> None:
    assert check({"okrctl.yaml": text}) == []


def test_a_date_without_a_value_waits_for_its_reading() -> None:
    block = okr("id: a\n").replace("- id: a", "- {id: b, title: B, to: 5}\n      - id: a") + (
        "        title: A\n        to: 5\n        owner:\n        readings:\n"
        "          2026-04-14: 3\n          2026-04-21:\n          2026-05:\n"
    )
    assert not found(block, "OKR004")
    assert not found(okr("{id: a, title: A, to: 5, readings: {2026-04-14: 3, 2026-04-21: }}"), "OKR004")


@pytest.mark.parametrize("key", ["5", "april", "2026-W17"])
@pytest.mark.parametrize("name", ["readings", "plan"])
def test_a_key_that_is_no_date_is_refused_without_a_value_too(key: str, name: str) -> None:
    text = (
        okr("id: a\n")
        + f"        title: A\n        to: 5\n        {name}:\n          2026-04-14: 3\n          {key}:\n"
    )
    (one,) = found(text, "OKR004")
    assert (marked(text, one), one.message) == (key, f"'{key}' is not a valid date")


# Several parents


@pytest.mark.parametrize(
    ("parent", "message", "help"),
    [
        ("[a/b, c/d]", "a goal has one parent, found 2: a/b, c/d", "`links:`"),
        ("[a/b, c/d]", "a goal has one parent, found 2: a/b, c/d", "a key result of its own"),
        ("[a/b]", "a goal has one parent, found a list", "write `parent: a/b`"),
        ("[]", "a goal has one parent, found 0", "keep the one"),
    ],
)
def test_a_goal_has_one_parent(parent: str, message: str, help: str) -> None:
    (one,) = found(okr("{id: a, title: A, to: 5}", parent=parent), "OKR004")
    assert one.message == message and help in one.help


# A retired rule


def test_a_retired_rule_is_never_used_again_and_names_its_successor() -> None:
    assert not {"OKR322", "reading-outlier"} & set(rules.BY_NAME)
    with pytest.raises(ValueError, match="OKR322"):
        rules.index_rules([replace(rules.BY_NAME["OKR324"], code="OKR322")])
    ignored = okr("{id: a, title: A, to: 5}  # okrctl: ignore[reading-outlier]")
    settings = {"okrctl.yaml": "rules: {OKR322: ignore}\n"}
    for files, code in ((ignored, "OKR012"), (settings, "OKR002")):
        (one,) = found(files, code)
        assert "did you mean 'suspected-slip'?" in one.message
