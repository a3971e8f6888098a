"""What is joined and what is a conflict, one example each; the conflict markers stand around just the lines."""

from __future__ import annotations

import pytest

from okrctl.merge import Conflict, CsvFormat, MergedText, MergeError, Versions, merge_texts
from okrctl.values.readings import CsvReadings

PATH = "okrs/2026-Q2/trust.yaml"
BASE = """\
period: 2026-Q2
team: trust
objectives:
  # what this is about
  - id: origin
    title: Users trace the origin
    owner: lea
    kpis: [returns]
    key_results:
      - id: codes
        title: Codes requested
        from: 0
        to: 60  # agreed in March
        readings:
          2026-04-13: 10
          2026-04-20: {value: 20, confidence: 6}

      - id: shops
        title: Shops that show it
        done: false
        readings: {2026-04-13: {note: none}}
      - id: steps
        title: Steps
        milestones:
          - title: First
            done: false
          - {id: two, title: Second, done: false}
      - id: visits
        title: Visits
        to: 9
        aggregate: sum
  - id: trust
    title: Customers trust us
    owner: tom
"""


def replaced(*pairs: tuple[str, str], text: str = BASE) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def merge(ours: str, theirs: str, base: str = BASE, path: str = PATH) -> MergedText:
    return merge_texts(Versions(base, ours, theirs), path)


def joined(ours: str, theirs: str, base: str = BASE, path: str = PATH) -> str:
    """The text of a merge without conflicts."""
    merged = merge(ours, theirs, base, path)
    assert merged.conflicts == ()
    return merged.render()


def only_conflict(ours: str, theirs: str, base: str = BASE, path: str = PATH) -> tuple[Conflict, str]:
    """The one conflict of a merge, and the lines between the markers."""
    merged = merge(ours, theirs, base, path)
    (conflict,) = merged.conflicts
    text = merged.render()
    start, end = text.index("<<<<<<< ours\n"), text.index(">>>>>>> theirs\n")
    return conflict, text[start:end].removeprefix("<<<<<<< ours\n")


LAST = "          2026-04-20: {value: 20, confidence: 6}\n"


def test_readings_of_two_people_at_the_same_place_are_joined_by_date() -> None:
    ours = replaced((LAST, LAST + "          2026-05-04: 40\n"))
    theirs = replaced((LAST, LAST + "          2026-04-27: 30  # by phone\n"))
    both = replaced((LAST, LAST + "          2026-04-27: 30  # by phone\n          2026-05-04: 40\n"))
    assert joined(ours, theirs) == joined(theirs, ours) == both


def test_equal_readings_are_taken_once_whatever_their_form() -> None:
    ours = replaced((LAST, LAST + "          2026-04-27: 1200\n"))
    theirs = replaced((LAST, LAST + "          2026-04-27: {value: 1.2k, note: first day}\n"))
    assert "2026-04-27: {value: 1200, note: first day}\n" in joined(ours, theirs)


def test_keys_of_one_reading_are_values_of_their_own() -> None:
    ours = replaced(("confidence: 6", "confidence: 8"))
    theirs = replaced(("{value: 20, confidence: 6}", "{value: 21, confidence: 6, note: late}"))
    assert "          2026-04-20: {value: 21, confidence: 8, note: late}\n" in joined(ours, theirs)


def test_first_readings_of_both_are_joined() -> None:
    ours = replaced(
        ("        aggregate: sum\n", "        aggregate: sum\n        readings:\n          2026-04-13: 1\n")
    )
    theirs = replaced(("        aggregate: sum\n", "        aggregate: sum\n        readings: {2026-04-14: 2}\n"))
    lines = "        readings:\n          2026-04-13: 1\n          2026-04-14: 2\n"
    assert lines in joined(ours, theirs)
    assert "        readings: {2026-04-13: 1, 2026-04-14: 2}\n" in joined(theirs, ours)


def test_different_readings_of_one_day_are_a_conflict_of_just_these_lines() -> None:
    ours = replaced((LAST, LAST + "          2026-04-27: 30\n"))
    theirs = replaced((LAST, LAST + "          2026-04-27: 31\n"), ("title: Steps", "title: More steps"))
    conflict, lines = only_conflict(ours, theirs)
    assert lines == "          2026-04-27: 30\n=======\n          2026-04-27: 31\n"
    assert conflict.describe(("main", "tom")) == (
        "2026-Q2/trust/origin.codes: reading of 2026-04-27 is 30 in main and 31 in tom"
    )
    assert "title: More steps\n" in merge(ours, theirs).render()


def test_equal_new_readings_of_a_sum_are_a_conflict() -> None:
    readings = "        aggregate: sum\n        readings:\n          2026-04-13: 5\n"
    ours = replaced(("        aggregate: sum\n", readings))
    theirs = replaced(("        aggregate: sum\n", readings), ("title: Steps", "title: More steps"))
    conflict, lines = only_conflict(ours, theirs)
    assert lines == "          2026-04-13: 5\n=======\n          2026-04-13: 5\n"
    assert conflict.kind == "sum"
    assert conflict.describe(("main", "tom")).endswith("5 is new in main and in tom; one reading, or two?")


def test_a_known_reading_of_a_sum_that_both_correct_alike_is_taken_once() -> None:
    base = replaced(
        ("        aggregate: sum\n", "        aggregate: sum\n        readings:\n          2026-04-13: 5\n")
    )
    ours = replaced(("2026-04-13: 5", "2026-04-13: 6"), text=base)
    theirs = replaced(("title: Steps", "title: More steps"), text=ours)
    assert joined(ours, theirs, base) == theirs


@pytest.mark.parametrize(
    ("mine", "other", "field"),
    [
        (("to: 60", "to: 50"), ("to: 60", "to: 70"), "to"),
        (("to: 60", "to: 50"), ("from: 0", "from: 10"), "from, to"),
        (("        from: 0\n        to: 60", "        at_least: 50"), ("to: 60", "to: 70"), "to"),
    ],
)
def test_the_keys_of_a_measure_are_one_value(mine: tuple[str, str], other: tuple[str, str], field: str) -> None:
    conflict = merge(replaced(mine), replaced(other)).conflicts
    assert [each.ref for each in conflict] == ["2026-Q2/trust/origin.codes"]
    assert set(field.split(", ")) <= set(conflict[0].field.split(", "))


def test_one_sided_changes_of_a_measure_are_taken() -> None:
    ours = replaced(("to: 60", "to: 50"))
    theirs = replaced(("title: Codes requested", "title: Codes asked for"))
    assert joined(ours, theirs) == replaced(("to: 60", "to: 50"), ("Codes requested", "Codes asked for"))


def test_state_reason_and_since_are_one_value() -> None:
    line = "        title: Visits\n"
    ours = replaced((line, f"{line}        state: postponed\n        reason: later\n        since: 2026-05-01\n"))
    theirs = replaced((line, f"{line}        state: postponed\n        reason: no time\n        since: 2026-05-01\n"))
    conflict, lines = only_conflict(ours, theirs)
    assert conflict.field == "reason"
    assert lines == "        reason: later\n=======\n        reason: no time\n"
    theirs = replaced((line, f"{line}        state: deprioritized\n        since: 2026-05-01\n"))
    conflict, _ = only_conflict(ours, theirs)
    assert conflict.field == "state, reason"


def test_a_removed_goal_against_a_changed_one_names_both() -> None:
    start, end = BASE.index("      - id: shops"), BASE.index("      - id: steps")
    ours = BASE[:start] + BASE[end:]
    theirs = replaced(("done: false\n        readings", "done: 2026-05-01\n        readings"))
    conflict, lines = only_conflict(ours, theirs)
    assert conflict.describe(("main", "tom")) == "2026-Q2/trust/origin.shops is removed in main and changed in tom"
    assert lines.startswith("=======\n")
    assert "done: 2026-05-01" in lines
    assert joined(ours, BASE) == joined(BASE, ours) == ours


def test_a_goal_that_moved_inside_the_file_against_a_changed_one_names_both() -> None:
    start, end = BASE.index("      - id: shops"), BASE.index("      - id: steps")
    ours = BASE[:start] + BASE[end:] + "    key_results:\n" + BASE[start:end]
    theirs = replaced(("done: false\n        readings", "done: 2026-05-01\n        readings"))
    conflict, _ = only_conflict(ours, theirs)
    assert conflict.describe(("main", "tom")) == (
        "2026-Q2/trust/origin.shops is moved to 2026-Q2/trust/trust.shops in main and changed in tom"
    )
    assert joined(ours, BASE) == ours


def test_a_goal_that_one_side_moved_and_the_other_removed_is_a_conflict() -> None:
    start, end = BASE.index("      - id: shops"), BASE.index("      - id: steps")
    removed = BASE[:start] + BASE[end:]
    moved = removed + "    key_results:\n" + BASE[start:end]
    conflict, lines = only_conflict(moved, removed)
    assert conflict.reason == "2026-Q2/trust/origin.shops was moved and removed"
    assert (conflict.ref, conflict.field) == ("2026-Q2/trust/trust", "key_results")
    assert "      - id: shops\n" in lines
    assert only_conflict(removed, moved)[0].reason == conflict.reason
    assert joined(removed, removed + "# end\n") == removed + "# end\n"


def test_new_list_entries_are_in_order_of_their_ids() -> None:
    ours = BASE.replace("  - id: trust\n", "      - {id: zeal, title: Zeal, to: 3}\n  - id: trust\n")
    theirs = BASE.replace("  - id: trust\n", "      # new\n      - {id: able, title: Able, to: 4}\n  - id: trust\n")
    lines = "      # new\n      - {id: able, title: Able, to: 4}\n      - {id: zeal, title: Zeal, to: 3}\n"
    both = BASE.replace("  - id: trust\n", f"{lines}  - id: trust\n")
    assert joined(ours, theirs) == joined(theirs, ours) == both


def test_amendments_of_one_day_are_both_kept_and_in_order_of_date() -> None:
    record = "        amended:\n          - {{date: {}, by: {}, reason: why, was: {{{}: 1}}}}\n"
    ours = replaced(
        ("        aggregate: sum\n", record.format("2026-05-04", "lea", "weight") + "        aggregate: sum\n")
    )
    theirs = replaced(
        ("        aggregate: sum\n", record.format("2026-05-02", "tom", "to") + "        aggregate: sum\n")
    )
    expected = (
        "          - {date: 2026-05-02, by: tom, reason: why, was: {to: 1}}\n"
        "          - {date: 2026-05-04, by: lea, reason: why, was: {weight: 1}}\n"
    )
    assert expected in joined(ours, theirs)
    assert joined(ours, theirs) == joined(theirs, ours)


def test_milestones_are_known_by_id_or_title() -> None:
    ours = replaced(
        ("          - title: First\n            done: false", "          - title: First\n            done: 2026-05-01")
    )
    theirs = replaced(
        ("title: Second, done: false}\n", "title: Second, done: 2026-05-02}\n          - {title: Third, done: false}\n")
    )
    text = joined(ours, theirs)
    assert "            done: 2026-05-01\n          - {id: two, title: Second, done: 2026-05-02}\n" in text
    assert "          - {title: Third, done: false}\n" in text


def test_a_renamed_goal_takes_the_readings_of_the_other_side() -> None:
    ours = replaced(("      - id: codes\n", "      - id: tracking\n        formerly: codes\n"))
    theirs = replaced((LAST, LAST + "          2026-04-27: 30\n"))
    both = replaced(
        ("      - id: codes\n", "      - id: tracking\n        formerly: codes\n"),
        (LAST, LAST + "          2026-04-27: 30\n"),
    )
    assert joined(ours, theirs) == joined(theirs, ours) == both


def test_a_goal_renamed_without_a_word_is_known_by_title_measure_and_a_reading() -> None:
    ours = replaced(("      - id: codes\n", "      - id: tracking\n"))
    theirs = replaced((LAST, LAST + "          2026-04-27: 30\n"))
    assert joined(ours, theirs) == replaced(
        ("- id: codes\n", "- id: tracking\n"), (LAST, LAST + "          2026-04-27: 30\n")
    )


def test_two_new_names_of_one_goal_are_a_conflict() -> None:
    ours = replaced(("      - id: codes\n", "      - id: tracking\n        formerly: codes\n"))
    theirs = replaced(("      - id: codes\n", "      - id: tags\n        formerly: codes\n"))
    conflict, lines = only_conflict(ours, theirs)
    assert (conflict.field, conflict.ours, conflict.theirs) == ("id", "tracking", "tags")
    assert lines == "      - id: tracking\n=======\n      - id: tags\n"


def test_words_of_a_list_are_values_of_their_own() -> None:
    ours = replaced(("kpis: [returns]", "kpis: [returns, sales]"))
    theirs = replaced(("kpis: [returns]", "kpis: [costs]"))
    assert "kpis: [costs, sales]\n" in joined(ours, theirs)


def test_comments_of_both_are_kept() -> None:
    ours = replaced(("# what this is about", "# what we want"), ("# agreed in March", "# agreed in April"))
    theirs = replaced(
        ("# what this is about", "# why"),
        ("to: 60", "to: 50"),
        ("      - id: shops", "      # shops\n      - id: shops"),
    )
    text = joined(ours, theirs)
    assert "  # what we want\n  # why\n" in text
    assert "        to: 50  # agreed in April\n" in text
    assert "      # shops\n      - id: shops\n" in text


def test_comments_behind_a_reading_and_behind_brackets_are_kept() -> None:
    ours = replaced(
        (LAST, LAST + "          2026-05-04: 40\n"), ("{2026-04-13: {note: none}}", "{2026-04-13: {note: some}}")
    )
    theirs = replaced(
        ("2026-04-13: 10\n", "2026-04-13: 10  # by phone\n"), ("{note: none}}\n", "{note: none}}  # why\n")
    )
    for text in (joined(ours, theirs), joined(theirs, ours)):
        assert "          2026-04-13: 10  # by phone\n" in text
        assert "        readings: {2026-04-13: {note: some}}  # why\n" in text


def test_line_breaks_of_one_side_are_taken_and_all_others_kept() -> None:
    theirs = replaced((LAST, LAST + "          2026-04-27: 30\n"))
    ours = replaced(("to: 60", "to: 50")).replace("\n", "\r\n")
    both = replaced(("to: 60", "to: 50"), (LAST, LAST + "          2026-04-27: 30\n")).replace("\n", "\r\n")
    assert joined(ours, theirs) == joined(theirs, ours) == both
    mixed = BASE.replace("owner: lea\n", "owner: lea\r\n")
    assert "owner: lea\r\n" in joined(
        mixed, replaced(("to: 60", "to: 50")).replace("owner: lea\n", "owner: lea\r\n"), mixed
    )


def test_a_file_that_both_added_is_joined() -> None:
    first = "period: 2026-Q2\nobjectives:\n  - {id: a, title: A, owner: lea}\n"
    second = "period: 2026-Q2\nobjectives:\n  - {id: b, title: B, owner: tom}\n"
    both = "period: 2026-Q2\nobjectives:\n  - {id: a, title: A, owner: lea}\n  - {id: b, title: B, owner: tom}\n"
    assert joined(first, second, "") == joined(second, first, "") == both


def test_kpis_and_settings_are_joined_by_name() -> None:
    kpis = "kpis:\n  - id: a\n    title: A\n    better: higher\n    readings: {2026-04-01: 1}\n"
    ours = kpis.replace("04-01: 1", "04-01: 1, 2026-05-01: 2")
    theirs = kpis.replace("04-01: 1", "04-01: 1, 2026-06-01: 3") + "  - {id: b, title: B, better: lower}\n"
    text = joined(ours, theirs, kpis, "kpis/company.yaml")
    assert "readings: {2026-04-01: 1, 2026-05-01: 2, 2026-06-01: 3}\n  - {id: b, title: B, better: lower}\n" in text
    settings = "organisation: Acme\nteams:\n  a: {name: A}\n"
    b, c = "  b: {name: B}\n", "  c: {name: C}\n"
    assert joined(settings + b, settings + c, settings, "okrctl.yaml") == settings + c + b
    conflict, _ = only_conflict(settings + b, settings + b.replace("B", "D"), settings, "okrctl.yaml")
    assert (conflict.ref, conflict.field) == ("okrctl.yaml", "teams.b.name")


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("objectives: [\n", "ours, line"),
        ("just words\n", "not a mapping"),
        ("kpis:\n  - {id: a}\n", "the file has no goals"),
        (BASE + "objectives: []\n", "duplicate key"),
    ],
)
def test_what_cannot_be_read_is_not_merged(version: str, message: str) -> None:
    with pytest.raises(MergeError, match=message):
        merge(version, replaced(("to: 60", "to: 50")))


def test_values_named_by_the_caller_are_in_conflict() -> None:
    theirs = replaced(("owner: tom\n", "owner: tom\n    weight: 2\n"))
    path = ("objectives", "trust", "weight")
    merged = merge_texts(Versions(BASE, BASE, theirs), PATH, {path: "only one has a weight"})
    assert [conflict.kind for conflict in merged.conflicts] == ["graph"]
    assert merged.render().endswith("<<<<<<< ours\n=======\n    weight: 2\n>>>>>>> theirs\n")
    assert merge(BASE, theirs).find_change(("objectives", 1, "weight")) == path


def test_csv_files_are_merged_by_date() -> None:
    base = "date,value,note\n2026-04-13,1,\n2026-04-20,2,\n"
    ours, theirs = base + "2026-05-04,4,late\n", base.replace("20,2,", "20,2,checked") + "2026-04-27,3,\n"
    both = "date,value,note\n2026-04-13,1,\n2026-04-20,2,checked\n2026-04-27,3,\n2026-05-04,4,late\n"
    assert joined(ours, theirs, base, "data/a.csv") == joined(theirs, ours, base, "data/a.csv") == both
    conflict, lines = only_conflict(base + "2026-04-27,3,\n", base + "2026-04-27,5,\n", base, "data/a.csv")
    assert (conflict.field, conflict.ours, conflict.theirs) == ("reading of 2026-04-27", "3", "5")
    assert lines == "2026-04-27,3,\n=======\n2026-04-27,5,\n"
    new = Versions(base, base + "2026-04-27,3,\n", base + "2026-04-27,3,\n2026-05-04,9,\n")
    assert merge_texts(new, "a.csv").conflicts == ()
    sums = merge_texts(new, "a.csv", csv=CsvFormat(CsvReadings(csv="a.csv"), is_sum=True))
    assert [conflict.kind for conflict in sums.conflicts] == ["sum"]


@pytest.mark.parametrize(
    "text", ["word\n", "date,value\n2026-04-13,1\n2026-04-13,2\n", "date,value\nsoon,1\n", "date,note,value\n"]
)
def test_csv_files_without_plain_dates_are_not_merged(text: str) -> None:
    base = "date,value\n"
    with pytest.raises(MergeError):
        merge(text, base + "2026-04-27,3\n", base, "a.csv")


def test_seals_are_equal_or_in_conflict_as_a_whole() -> None:
    base, ours, theirs = '{"a": 1,\n"b": 1}\n', '{"a": 2,\n"b": 1}\n', '{"a": 1,\n"b": 2}\n'
    assert joined(ours, base, base, "scorecards/2026-Q1.json") == ours
    assert joined(base, ours, base, "scorecards/2026-Q1.json") == ours
    _, lines = only_conflict(ours, theirs, base, "scorecards/2026-Q1.json")
    assert lines == f"{ours}=======\n{theirs}"
