"""An objective as somebody fills it in, field by field, and the YAML that it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okrctl.templates import period as templates
from okrctl.values import slug
from okrctl.values.period import Period
from okrctl.workspace import Kpi, Workspace
from okrctl.yaml_edit import scalars
from okrctl.yaml_edit.scalars import Value


class KeyResultKind(NamedTuple):
    """A way to judge a key result: its name in words, and which fields it takes."""

    label: str
    fields: tuple[str, ...]
    guards: bool = False


KINDS: dict[str, KeyResultKind] = {
    "to": KeyResultKind("From start to target", ("start", "target", "unit")),
    "change": KeyResultKind("By so much", ("start", "change", "unit")),
    "at_least": KeyResultKind("Stay at or above", ("bound", "unit"), guards=True),
    "at_most": KeyResultKind("Stay at or below", ("bound", "unit"), guards=True),
    "between": KeyResultKind("Stay between two numbers", ("start", "target", "unit"), guards=True),
    "milestones": KeyResultKind("Step by step", ("steps",)),
    "done": KeyResultKind("Done or not", ()),
    "graded": KeyResultKind("By a person's grade", ("question",)),
}
"""By the key that names the measure in the file."""


@dataclass(frozen=True, slots=True)
class KeyResultFields:
    """A key result as it was typed; `kind` is one of KINDS, `steps` are lines."""

    title: str = ""
    kind: str = "to"
    start: str = ""
    target: str = ""
    change: str = ""
    bound: str = ""
    unit: str = ""
    steps: str = ""
    question: str = ""
    owner: str = ""
    kpi: str = ""
    is_guardrail: bool = False

    @property
    def step_titles(self) -> list[str]:
        """The steps, without blank lines."""
        return [line.strip() for line in self.steps.splitlines() if line.strip()]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed that a key result could be made of."""
        return not any((self.title, self.start, self.target, self.change, self.bound, self.steps, self.question))


@dataclass(frozen=True, slots=True)
class HypothesisFields:
    """Which KPI should move, which way, and why; `within` is for `steady`."""

    kpi: str = ""
    expect: str = "up"
    within: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class ObjectiveFields:
    """An objective as it was typed; texts are empty where nothing was. `parent` is a full reference."""

    title: str = ""
    id: str = ""
    owner: str = ""
    ambition: str = ""
    why: str = ""
    parent: str = ""
    hypothesis: HypothesisFields = HypothesisFields()
    key_results: Sequence[KeyResultFields] = ()


def fields_for_kpi(workspace: Workspace, kpi: Kpi, span: Period, today: date) -> ObjectiveFields:
    """The fields of an objective that addresses a KPI: the owner, the trend as the reason, the expected direction."""
    draft = templates.draft_for_kpi(workspace, kpi, span, (), today)
    expected = draft["hypothesis"]
    assert isinstance(expected, dict)
    hypothesis = HypothesisFields(kpi.id, str(expected["expect"]), str(expected.get("within", "")))
    return ObjectiveFields(owner=str(draft["owner"]), why=str(draft["why"]), hypothesis=hypothesis)


def filled_key_results(fields: ObjectiveFields) -> dict[str, KeyResultFields]:
    """The key results that are not empty, by the ids that they get."""
    found: dict[str, KeyResultFields] = {}
    for result in fields.key_results:
        if not result.is_empty:
            found[slug.slugify(result.title, found, "key-result")] = result
    return found


def render_objective(fields: ObjectiveFields, period: str) -> str:
    """The objective as YAML, for `operations.draft`; empty fields are left out."""
    hypothesis = fields.hypothesis
    expected = {
        "kpi": hypothesis.kpi,
        "expect": hypothesis.expect,
        "within": hypothesis.within if hypothesis.expect == "steady" else "",
        "because": hypothesis.because,
    }
    data = _without_empty({
        "id": fields.id, "title": fields.title, "owner": fields.owner, "ambition": fields.ambition,
        "why": fields.why, "parent": fields.parent.removeprefix(f"{period}/"),
        "hypothesis": _without_empty(expected) if hypothesis.kpi else "",
        "key_results": [_key_result(id, result) for id, result in filled_key_results(fields).items()],
    })  # fmt: skip
    return "\n".join(scalars.format_mapping(templates.mark_texts(data), 0)) + "\n"


def _key_result(id: str, result: KeyResultFields) -> Value:
    return _without_empty({
        "id": id, "title": result.title, "owner": result.owner, **_measure(result),
        "guards": "all" if result.is_guardrail else "", "kpi": result.kpi,
    })  # fmt: skip


def _measure(result: KeyResultFields) -> dict[str, Value]:
    """The keys of the measure. A target that is missing is TBD, as in a draft of a period; bounds know no TBD."""
    unit: dict[str, Value] = {"unit": result.unit}
    bounds = [bound for bound in (result.start, result.target) if bound]
    by_kind: dict[str, dict[str, Value]] = {
        "to": {"from": result.start, "to": result.target or templates.TBD, **unit},
        "change": {"from": result.start, "change": result.change, **unit},
        "at_least": {"at_least": result.bound, **unit},
        "at_most": {"at_most": result.bound, **unit},
        "between": {"between": bounds, **unit},
        "milestones": {"milestones": [{"title": step, "done": "false"} for step in result.step_titles]},
        "done": {"done": "false"},
        "graded": {"graded": result.question or "true"},
    }
    return by_kind.get(result.kind, by_kind["to"])


def _without_empty(data: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in data.items() if value}
