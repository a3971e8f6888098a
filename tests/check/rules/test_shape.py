"""Tests of the rules about the shape of files: spans, pairs of places, and fixes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from okrctl import workspace
from okrctl.schema.settings import Config
from okrctl.yaml import Source
from tests.check.rules.pages import characters, check, codes, files_of, found, marked, mended, okr


@pytest.mark.parametrize(
    ("key_result", "code", "words", "said"),
    [
        ("{id: a, title: A, target: 5}", "OKR002", "target", "'to'"),
        ("{id: a, title: Ä, to: 5, readings: {2026-02-30: 1}}", "OKR004", "2026-02-30", "28 days"),
        ("{id: a, title: A, to: 5, to: 6}", "OKR005", "to", "duplicate"),
        ("{id: a, title: A, at_least: 5, at_most: 6}", "OKR008", "at_most", "'at_least' and 'at_most'"),
        ("{id: a, title: A, done: true}", "OKR014", "true", "first day"),
    ],
)
def test_the_finding_marks_the_words(key_result: str, code: str, words: str, said: str) -> None:
    text = okr(key_result)
    (one,) = found(text, code)
    assert (one.span.line, marked(text, one)) == (7, words)
    assert said in one.message + one.help


@pytest.mark.parametrize(
    "key_result", ["{id: a, title: A, to: 5, to: 6}", "{id: a, title: A, at_least: 5, at_most: 6}"]
)
def test_duplicates_name_the_other_place(key_result: str) -> None:
    text = okr(key_result)
    (one,) = [one for one in check(text) if one.code in ("OKR005", "OKR008")]
    (other,) = one.related
    assert characters(text, other.span) in ("to", "at_least", "5")
    assert other.span < one.span


def test_one_mistake_hides_no_other() -> None:
    text = okr("{id: a, title: A, onwer: x, to: one, due: 2026-13-01, weight: -1}\n{id: B, title: B, to: 5}", stat="x")
    assert codes(text) == ["OKR002", "OKR002", "OKR004", "OKR004", "OKR004", "OKR004"]


def test_a_misspelled_owner_key_is_not_also_a_missing_owner() -> None:
    text = okr("{id: a, title: A, to: 5}\n{id: b, title: B, to: 5}").replace("owner:", "onwer:")
    assert codes(text) == ["OKR002"]


def test_names_of_rules_in_the_settings_are_known() -> None:
    (one,) = check({"okrctl.yaml": "rules:\n  OKR105: error\n  mising-owner: error\n"})
    assert (one.code, one.path, one.span[:2]) == ("OKR002", "okrctl.yaml", (3, 3))
    assert "did you mean 'missing-owner'?" in one.message


def test_the_settings_are_checked_like_any_other_file() -> None:
    files = {"okrctl.yaml": "organisation: Acme #1\npeople: {no: {}, lea: {}}\nlimit: 3\n"}
    assert codes(files) == ["OKR013", "OKR010", "OKR002"]


def test_a_csv_file_that_is_not_there_is_named_where_the_file_names_it() -> None:
    text = okr("{id: a, title: A, to: 5, readings: {csv: a.csv, value: n}}")
    (one,) = found(text, "OKR009")
    assert (marked(text, one), "okrs/a.csv" in one.message) == ("a.csv", True)


def with_csv(content: str, key_result: str = "{id: a, title: A, to: 5, readings: a.csv}") -> dict[str, str]:
    return {"okrs/page.yaml": okr(key_result), "okrs/a.csv": content}


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("date,value\n2026-04-06,1\n2026-04-06,2\n", 3, "line 2"),
        ("date,value\n2026-04-06,one\n", 2, "'one'"),
        ("date,value\n\n2026-02-30,1\n", 3, "28 days"),
        ("day;amount;other\n2026-04-06;1;2\n2026-04-07;x;2\n", 3, "'x'"),
        ("when,how,much\n2026-04-06,1,2\n", 1, "no column"),
        ("", 1, "header"),
    ],
)
def test_an_error_in_a_csv_file_has_its_line(content: str, line: int, said: str) -> None:
    (one,) = found(with_csv(content), "OKR015")
    assert (one.path, one.span.line) == ("okrs/a.csv", line)
    assert said in one.message + one.help
    assert one.ref == "2026-Q2/company/origin.a"


def test_errors_after_the_twentieth_are_counted() -> None:
    faults = found(with_csv("date,value\n" + "x,1\n" * 50), "OKR015")
    assert [one.span.line for one in faults] == list(range(2, 23))
    assert "30 more" in faults[-1].message


def test_a_csv_file_named_twice_is_reported_once() -> None:
    key_results = "{id: a, title: A, to: 5, readings: a.csv}\n{id: b, title: B, to: 5, readings: a.csv}"
    assert len(found({"okrs/page.yaml": okr(key_results), "okrs/a.csv": "date,value\nx,1\n"}, "OKR015")) == 1


# OKR010

ODD = ["yes", "No", "ON", "off", "y", "1:30", "12:30:45", "017", "-012", "0o17", "0x1F", "1_000", "1_000.5"]
EVEN = ["maybe", "2026", "true", "1200", "4.3", "0", "0.5", "2026-04-13", "1e3", "10:75", "a_b", "1_a", "v1", "Yes!"]


@pytest.mark.parametrize("word", ODD)
def test_ambiguous_scalars_are_found_and_quoted(word: str) -> None:
    text = okr("{id: a, title: A, to: 5}", tags=f"[one, {word}]")
    (one,) = found(text, "OKR010")
    assert (marked(text, one), one.severity) == (word, "warning")
    assert found(mended(text, one), "OKR010") == []
    assert f'[one, "{word}"]' in mended(text, one)


@pytest.mark.parametrize("word", EVEN)
@pytest.mark.parametrize("form", ["{}", "[one, {}]"])
def test_unambiguous_scalars_are_not_reported(word: str, form: str) -> None:
    assert found(okr("{id: a, title: A, to: 5}", tags=form.format(word)), "OKR010") == []


@pytest.mark.parametrize("word", ["yes", "1:30"])
@pytest.mark.parametrize("quoted", ['"{}"', "'{}'", "|\n      {}"])
def test_quoted_scalars_are_not_reported(word: str, quoted: str) -> None:
    assert found(okr("{id: a, title: A, to: 5}", why=quoted.format(word)), "OKR010") == []


def test_keys_are_checked_and_custom_keys_are_not() -> None:
    files = {"okrctl.yaml": "people: {no: {}, lea: {}}\nx-days: {on: yes}\n"}
    (one,) = found(files, "OKR010")
    assert marked(files, one) == "no"
    assert mended(files["okrctl.yaml"], one).startswith('people: {"no": {}')


def test_invalid_values_are_not_reported_twice() -> None:
    assert codes(okr("{id: a, title: A, to: 1_000}")) == ["OKR004"]


def old_and_new(text: str) -> tuple[object, object]:
    """What a reader of YAML 1.1 and one of 1.2 make of a text."""
    values = []
    for version in ((1, 1), (1, 2)):
        yaml = YAML(typ="safe", pure=True)
        yaml.version = version  # type: ignore[assignment]
        values.append(yaml.load(f"- {text}")[0])
    return values[0], values[1]


@settings(max_examples=40)
@given(st.text("0123456789:_xo.-+", min_size=1, max_size=6))
def test_whole_numbers_are_found_where_another_reader_gets_another_number(text: str) -> None:
    """What we keep as it is, others must either keep too or make the same number of."""
    flagged = bool(found(okr("{id: a, title: A, to: 5}", tags=f"[one, {text}]"), "OKR010"))
    if flagged:
        old, new = old_and_new(text)
        assert old != text or new != text


# OKR013


@pytest.mark.parametrize(
    ("line", "lost", "mend"),
    [
        ("Close issue #42", "#42", '"Close issue #42"'),
        ("Close issue  #42 # urgent", "#42", '"Close issue  #42" # urgent'),
        ('Say "hi" to user #1 of all', "#1 of all", "'Say \"hi\" to user #1 of all'"),
        ("Ünser Haus #7", "#7", '"Ünser Haus #7"'),
    ],
)
def test_a_text_cut_by_a_comment_is_found_at_the_cut(line: str, lost: str, mend: str) -> None:
    text = okr("{id: a, title: A, to: 5}", why=line)
    (one,) = found(text, "OKR013")
    assert marked(text, one) == lost
    assert f"    why: {mend}\n" in mended(text, one)
    assert found(mended(text, one), "OKR013") == []


@pytest.mark.parametrize(
    "line",
    ["Grow # a comment", "Grow #", '"Grow #1"', "'Grow' #1", "Grow#1", "Grow ## two", "Grow #! x", "C# is fine # yes"],
)
def test_intended_comments_are_not_reported(line: str) -> None:
    assert found(okr("{id: a, title: A, to: 5}", why=line), "OKR013") == []


def test_only_texts_can_be_cut() -> None:
    text = okr("{id: a, title: A, to: 5} #1\n{id: b, title: B, to: 6}", weight="3 #three", state="active #5")
    assert found(text, "OKR013") == []


def test_a_text_in_brackets_has_no_fix() -> None:
    text = okr("{id: a, title: A, to: 5}", tags="[one,\n      Close #2\n      ]")
    (one,) = found(text, "OKR013")
    assert (marked(text, one), one.fix) == ("#2", ())


# OKR011 and OKR012


def ignoring(comment: str, above: str = "") -> str:
    return okr("{id: a, title: A, to: 5}").replace("    owner: lea", f"{above}    why: It matters  {comment}".rstrip())


@pytest.mark.parametrize(
    "change",
    [
        ("come from", "come from  # okrctl: ignore[missing-owner]"),
        ("come from", "come from  # okrctl: ignore[OKR105]"),
        ("come from", "come from # seen by lea # okrctl: ignore[no-parent, missing-owner]"),
        ("    title: Cust", "    # okrctl: ignore[missing-owner]\n    title: Cust"),
        ("    title: Cust", "    # okrctl: ignore[missing-owner]\n\n    # more\n    title: Cust"),
    ],
)
def test_a_comment_suppresses_at_the_end_of_the_line_or_above_it(change: tuple[str, str]) -> None:
    text = ignoring("").replace(*change, 1)
    assert text != ignoring("")
    assert codes(text) == []


@pytest.mark.parametrize(
    "change",
    [
        ("matters", "matters  # okrctl: ignore[missing-owner]"),
        ("come from", "come from okrctl:ignore[missing-owner]"),
        ("come from", "come from  # okrctl: ignore[missing-key]"),
        ("come from", "come from  # okrctl: ignore"),
        ("come from", "come from  # okrctl: ignore[]"),
    ],
)
def test_nothing_else_suppresses(change: tuple[str, str]) -> None:
    assert len(found(ignoring("").replace(*change, 1), "OKR105")) == 1


def test_a_comment_on_any_line_of_a_value_suppresses() -> None:
    text = okr("{id: a, title: A, to: 5}").replace(
        "    title: Customers know where their products come from\n    owner: lea",
        "    title: >-\n      Customers know\n      where # okrctl: ignore[missing-owner]",
    )
    assert len(found(text, "OKR105")) == 1  # inside a block text it is text
    text = okr("{id: a, title: A, to: 5,\n  due: 2026-09-30,  # okrctl: ignore[date-outside-period]\n  unit: x}")
    assert found(text, "OKR112") == []


def test_an_unknown_rule_is_an_error_with_a_suggestion() -> None:
    text = ignoring("# okrctl: ignore[mising-owner]")
    (one,) = found(text, "OKR012")
    assert (marked(text, one), one.severity) == ("mising-owner", "error")
    assert "'missing-owner'" in one.message


@pytest.mark.parametrize("comment", ["# okrctl: ignore", "# okrctl: ignore[ ]", "# okrctl: ignroe[missing-owner]"])
def test_there_is_no_blanket_form(comment: str) -> None:
    text = ignoring(comment)
    (one,) = found(text, "OKR012")
    assert marked(text, one) == comment


def test_only_the_unused_name_is_reported_and_removed() -> None:
    text = ignoring("").replace("come from", "come from  # okrctl: ignore[missing-owner, missing-key]")
    (one,) = [one for one in check(text) if one.severity != "info"]
    assert (one.code, marked(text, one)) == ("OKR011", "missing-key")
    assert codes(mended(text, one)) == []
    assert "ignore[missing-owner]" in mended(text, one)


def test_suppressions_of_inactive_rules_are_not_unused() -> None:
    text = okr("{id: a, title: A, to: 5}", why="It matters  # okrctl: ignore[missing-owner]")
    assert codes(text) == ["OKR011"]
    assert codes(text, "rules: {missing-owner: ignore}") == []


def test_a_finding_in_a_csv_file_is_suppressed_where_the_file_names_it() -> None:
    files = with_csv("date,value\nx,1\n", "{id: a, title: A, to: 5, readings: a.csv} # okrctl: ignore[invalid-csv]")
    assert codes(files) == []


def test_the_text_of_a_page_may_hold_several_files() -> None:
    assert files_of("# FILE: a.yaml\nx: 1\n# FILE: b.csv\ny\n") == {"a.yaml": "x: 1\n", "b.csv": "y\n"}


def test_a_team_or_person_may_be_a_bare_name() -> None:
    text = "teams: {product: , ops: {lead: lea}}\npeople:\n  lea:\n"
    _, file = workspace.read_settings(Source("okrctl.yaml", text))
    assert file and file.schema_problems == []
    assert sorted(file.model.teams) == ["ops", "product"]
    assert list(file.model.people) == ["lea"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scoring: {cap: 0.5, floor: 2}", "the floor, 2, is not below the cap, 0.5"),
        ("scoring: {cap: 0}", "the floor, 0, is not below the cap, 0"),
        ("scoring: {success: 1.2}", "`success`, 1.2, is above the cap, 1"),
        ("scoring: {success: -0.5}", "`success`, -0.5, is below the floor, 0"),
        ("pace: {behind: 30, at_risk: 20}", "`behind`, 30, is above `at_risk`, 20"),
        ("pace: {behind: 30}", "`behind`, 30, is above `at_risk`, 25"),
    ],
)
def test_settings_of_the_wrong_order_are_refused(text: str, message: str) -> None:
    _, file = workspace.read_settings(Source("okrctl.yaml", f"{text}\n"))
    assert file and [(one.code, one.message) for one in file.schema_problems] == [("OKR004", message)]


@pytest.mark.parametrize(
    "text",
    [
        "scoring: {cap: none, floor: none, success: 1.2}", "scoring: {cap: 2, success: 1.2}", "scoring: {cap: 0.5}",
        "scoring: {floor: -1, success: -0.5}", "pace: {behind: 20, at_risk: 20}", "pace: {at_risk: 10}",
    ],
)  # fmt: skip
def test_settings_of_any_other_order_are_taken(text: str) -> None:
    _, file = workspace.read_settings(Source("okrctl.yaml", f"{text}\n"))
    assert file and file.schema_problems == []


def test_a_mistyped_setting_without_a_value_is_found() -> None:
    _, file = workspace.read_settings(Source("okrctl.yaml", "organization:\nscoring: {capp: }\nrules: {no-parent: }\n"))
    assert file and [problem.route for problem in file.schema_problems] == [("organization",), ("scoring", "capp")]


@pytest.mark.parametrize("rollup", ["{}", "{sum: [a], mean: [b]}"])
def test_a_rollup_has_one_method(rollup: str) -> None:
    text = okr(f"{{id: k, title: Kept, to: 5, rollup: {rollup}}}")
    file = workspace.read_file(Source("okrs/a.yaml", text), Config())
    assert [problem.message for problem in file.schema_problems] == [
        "a rollup takes exactly one of `sum`, `mean`, `min` and `max`"
    ]


@pytest.mark.parametrize(
    ("keys", "code", "message"),
    [
        ("rollup: {sum: []}", "OKR004", "the rollup has no members"),
        ("rollup: {max: []}", "OKR004", "the rollup has no members"),
        ("aggregate: sum, rollup: {sum: [a]}", "OKR008", "'rollup' and 'aggregate' cannot be used together"),
    ],
)
def test_a_rollup_has_members_and_no_readings(keys: str, code: str, message: str) -> None:
    file = workspace.read_file(Source("okrs/a.yaml", okr(f"{{id: k, title: Kept, to: 5, {keys}}}")), Config())
    assert [(one.code, one.message) for one in file.schema_problems] == [(code, message)]


def test_a_rollup_is_not_judged_by_interval() -> None:
    text = okr("{id: k, title: Kept, at_least: 3, judge: held, rollup: {sum: [a]}}")
    file = workspace.read_file(Source("okrs/a.yaml", text), Config())
    assert [(one.code, one.route[-1], one.message) for one in file.schema_problems] == [
        ("OKR004", "judge", "a rollup cannot be judged by interval")
    ]
    assert workspace.read_file(Source("okrs/a.yaml", text.replace("held", "latest")), Config()).schema_problems == []
