"""An objective that is filled in field by field becomes YAML that says just that."""

from __future__ import annotations

import pytest

from okrctl.measures import MEASURE_KEYS
from okrctl.operations.objective_form import (
    KINDS,
    HypothesisFields,
    KeyResultFields,
    ObjectiveFields,
    filled_key_results,
    render_objective,
)
from okrctl.yaml import Source, parse

TEXTS = [
    "yes", "1.10", "a: b", "# c", "- d", "[e", "'f", '"g', "h\\i", "j\nk", " l", "{{ m }}", "*n", "&o", "!p", "| q",
    "\x1br", "~", "2026-01-01", "null", "s\u2028t", "ümlaut", "---", "%u",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_texts_come_back_as_they_were_typed(text: str) -> None:
    fields = ObjectiveFields(
        title=text, owner=text, why=text, parent=text, hypothesis=HypothesisFields("k", "up", because=text),
        key_results=[
            KeyResultFields(text, unit=text, start=text, target=text),
            KeyResultFields(text, "milestones", steps="one\ntwo: 2"),
            KeyResultFields(text, "graded", question=text),
        ],
    )  # fmt: skip
    document = parse(Source("x", render_objective(fields, "2026-Q3")))
    assert not document.problems
    data = document.data
    assert isinstance(data, dict)
    first, second, third = data["key_results"]
    assert (data["title"], data["owner"], data["why"], data["parent"]) == (text,) * 4
    assert data["hypothesis"] == {"kpi": "k", "expect": "up", "because": text}
    assert (first["title"], first["unit"], first["from"], first["to"]) == (text,) * 4
    assert second["milestones"] == [{"title": "one", "done": "false"}, {"title": "two: 2", "done": "false"}]
    assert third["graded"] == text


def test_empty_fields_and_key_results_are_left_out() -> None:
    fields = ObjectiveFields("A", key_results=[KeyResultFields(), KeyResultFields("B", unit="h"), KeyResultFields()])
    assert render_objective(fields, "2026-Q3") == (
        "title: A\nkey_results:\n  - id: b\n    title: B\n    to: TBD\n    unit: h\n"
    )
    assert render_objective(ObjectiveFields("A"), "2026-Q3") == "title: A\n"


def test_a_parent_of_the_same_period_is_written_without_it() -> None:
    assert "parent: team/x" in render_objective(ObjectiveFields("A", parent="2026-Q3/team/x"), "2026-Q3")
    assert "parent: 2026/team/x" in render_objective(ObjectiveFields("A", parent="2026/team/x"), "2026-Q3")


def test_key_results_get_different_ids() -> None:
    results = [KeyResultFields("A"), KeyResultFields("A"), KeyResultFields(start="1")]
    assert list(filled_key_results(ObjectiveFields("X", key_results=results))) == ["a", "a-2", "key-result"]


def test_within_is_for_steady_alone() -> None:
    for expect, is_there in (("steady", True), ("up", False)):
        fields = ObjectiveFields("A", hypothesis=HypothesisFields("k", expect, "5"))
        assert ("within: 5" in render_objective(fields, "2026-Q3")) is is_there


def test_every_measure_can_be_drafted() -> None:
    assert {*KINDS} == {*MEASURE_KEYS}, "name the keys of a measure in KINDS, with the fields that it takes"


@pytest.mark.parametrize("kind", KINDS)
def test_each_way_to_judge_names_its_key(kind: str) -> None:
    result = KeyResultFields("A", kind, "1", "2", "-7%", "3", "", "one", "Good?", is_guardrail=True)
    text = render_objective(ObjectiveFields("X", key_results=[result]), "2026-Q3")
    assert f"    {kind}:" in text and "    guards: all\n" in text
