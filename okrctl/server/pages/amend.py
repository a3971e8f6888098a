"""Change what was agreed: the values of now, new ones beside them, and the reason, which is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from starlette.responses import Response

from okrctl.operations import amend as operation
from okrctl.operations import record
from okrctl.operations.amend import Amendment
from okrctl.operations.unrecorded import UnrecordedGoal, find_unrecorded, record_reason
from okrctl.outputs.reports.numbers import write_number
from okrctl.outputs.text import scorecard as wording
from okrctl.server.forms import PlannedWrite, TypedField, WriteForm, respond_to_form, saved_address, typed_field
from okrctl.server.links import node_address, owner_name
from okrctl.server.page import Page
from okrctl.server.visit import Visit, describe
from okrctl.values import decimal_comma, quantity
from okrctl.values.errors import ConfirmError, ConflictError, OkrctlError, UsageError
from okrctl.workspace import KeyResult, Kpi, Objective, references
from okrctl.yaml_edit import amendments
from okrctl.yaml_edit.amendments import AmendableValue
from okrctl.yaml_edit.preview import ScoreEffect

LABELS = {
    "to": "Target", "from": "Baseline", "plan": "Plan", "change": "Change from the baseline", "at-least": "At least",
    "at-most": "At most", "between": "Lowest and highest value", "weight": "Weight", "due": "Due", "state": "State",
}  # fmt: skip
HINTS = {
    "between": "such as 48,52", "change": "such as -7%, -7pp, +20 or x2", "weight": "1 is usual",
}  # fmt: skip


MIN_STEPS, FREE_STEPS = 3, 2  # rows of a plan, and of these at least so many empty ones


class PlanStep(NamedTuple):
    """A row of a plan, as it was typed."""

    day: str
    value: str


@dataclass
class AmendField:
    """A value that may change, with its words and what is wrong with what was typed."""

    name: str
    label: str
    hint: str
    value: TypedField
    problem: str = ""

    @property
    def agreed(self) -> str:
        """What is agreed now, as people read it."""
        return ", ".join(map(format_agreed, self.value.now.split(","))) if self.value.now else ""

    @property
    def steps(self) -> list[PlanStep]:
        """The rows of a plan, with empty ones at the end."""
        parts = [part.partition("=") for part in self.value.typed.split(",") if part]
        known = [PlanStep(day, value) for day, _, value in parts]
        return known + [PlanStep("", "")] * max(MIN_STEPS - len(known), FREE_STEPS)


def format_agreed(text: str) -> str:
    """A value of a file as people read it: `2.5 %`, and on a day `40 by 2026-10-31`; other words stay as they are."""
    day, sign, value = text.partition("=")
    try:
        found = quantity.parse(value if sign else text)
    except quantity.QuantityError:
        return text
    number = write_number(found.number, found.unit)
    return f"{number} by {day}" if sign else number


class Record(NamedTuple):
    """An earlier change: what was agreed before, by whom and when it was changed, and why."""

    was: str
    by: str
    reason: str


def amend(visit: Visit) -> Response:
    """The form, and what becomes of it."""
    visit.require("amend")
    form = AmendForm(visit)
    if visit.request.method == "GET":
        return form.show(None)
    if visit.form("action") == "live":
        return form.show_effect()
    return respond_to_form(visit, WriteForm(form.title, form.plan, form.save, form.show))


class AmendForm:
    """The form of one goal, as it was sent, or as it is shown first."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.asks: list[str] = []
        self._read()

    def _read(self) -> None:
        """Read the goal as it is now, and what was typed for it."""
        visit = self.visit
        ref = str(visit.request.path_params["ref"])
        node = references.find_node(visit.workspace, ref, visit.today, (KeyResult, Objective, Kpi))
        values = amendments.amendable_values(visit.workspace, node)
        assert not isinstance(node, Kpi)
        self.node = node
        self.agreed = {value.name: value.text for value in values}
        self.fields = [self._field(value) for value in values]
        self.reason = visit.form("reason")

    def _field(self, value: AmendableValue) -> AmendField:
        name, typed = value.name, typed_field(self.visit, value.name, value.text)
        if name == "plan" and "plan-day" in self.visit.fields:
            typed.typed = self._typed_plan()
        return AmendField(name, label_of(name), self._plan_hint() if name == "plan" else HINTS.get(name, ""), typed)

    def _typed_plan(self) -> str:
        """The rows of the plan as the command line takes them."""
        days, values = (map(str.strip, self.visit.form_all(f"plan-{name}")) for name in ("day", "value"))
        has_comma = self.visit.config.numbers == "de"
        numbers = (decimal_comma.with_point(value) if has_comma else value for value in values)
        return ",".join(f"{day}={number}" for day, number in zip(days, numbers, strict=False) if day or number)

    def _plan_hint(self) -> str:
        """What a plan is, with the middle of this key result as an example."""
        text, period = "Values that are expected on the way; all empty for a straight line.", self.node.period
        try:
            start, target = (quantity.parse(self.agreed[name]) for name in ("from", "to"))
        except (KeyError, quantity.QuantityError):
            return text
        middle = period.start + (period.end - period.start) / 2
        value = write_number((start.number + target.number) / 2, target.unit)
        return f"{text} Halfway would be {value} on {wording.short_day(middle, self.visit.today)}."

    @cached_property
    def unrecorded(self) -> UnrecordedGoal | None:
        """How the key result is easier than agreed, where nobody has recorded why."""
        visit, node = self.visit, self.node
        return find_unrecorded(visit.project, visit.workspace, node) if isinstance(node, KeyResult) else None

    @property
    def unrecorded_text(self) -> str:
        """The same in a sentence; empty where everything is recorded."""
        goal = self.unrecorded
        if goal is None:
            return ""
        now = {each.name: each.agreed for each in self.fields}
        changed = [
            f"the {label_of(key).lower()} was {format_agreed(value)} and is {now.get(key.replace('_', '-'), 'another')}"
            for key, value in goal.was.items()
        ]
        return f"{', '.join(changed)}, which is easier than agreed, and nobody has recorded why"

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"Amend “{self.node.model.title or self.node.id}”"

    def plan(self) -> PlannedWrite:
        """What would be written."""
        result = self._write(is_dry=True)
        return PlannedWrite(result.write.changes, result.effects)

    def save(self) -> str:
        """Write the new values and the record of the old ones, as one commit."""
        self.visit.reload()
        self._read()
        result = self._write(is_dry=False)
        return saved_address(node_address(self.node), result.write.commit, f"the amendment of {self.node.ref}")

    def show(self, error: OkrctlError | None) -> Response:
        """The form with what was typed."""
        return self.visit.render(
            "amend.html", 409 if error is not None else 200, title=self.title, form=self, error=error,
            owner=owner_name(self.visit.config, self.node.owner), node=self.node, node_href=node_address(self.node),
            states=amendments.STATES, records=self._records(),
        )  # fmt: skip

    def show_effect(self) -> Response:
        """What the typed values do, for the script of the form."""
        problem, effects = "", []
        try:
            if any(each.value.is_changed for each in self.fields):
                effects = self._preview_effects()
        except OkrctlError as error:
            problem = describe(error)
        return self.visit.render("amend_effect.html", problem=problem, effects=effects)

    def _preview_effects(self) -> list[ScoreEffect]:
        amendment = self._amendment(self.reason or "the reason")
        prepared = record.prepare_edits(self.visit.project, amendment.workspace, [amendment.edit])
        options = self.visit.write_options._replace(dry_run=True, commit=False)
        return record.write_prepared(self.visit.project, amendment.workspace, prepared, options).effects

    def _write(self, *, is_dry: bool) -> record.RecordResult:
        """Write the amendment, or show it; raises OkrctlError for what must be answered first."""
        visit = self.visit
        self._require_complete()
        amendment = self._amendment(self.reason)
        if amendment.edit.warnings and not visit.form("overwrite"):
            self.asks.append("overwrite")
            raise ConfirmError(amendment.edit.warnings[0], "tick “Change it anyway”, or leave it as it is")
        prepared = record.prepare_edits(visit.project, amendment.workspace, [amendment.edit])
        if prepared.doubts and not visit.form("confirm"):
            self.asks.append("confirm")
            doubt = prepared.doubts[0]
            raise ConfirmError(doubt.message, f"write {doubt.ways[0]}, or tick “The values are right”")
        options = visit.write_options._replace(force=True, confirm_value=True)
        if is_dry:
            options = options._replace(dry_run=True, commit=False)
        return record.write_prepared(
            visit.project, amendment.workspace, prepared, options, amendment.commit_message
        )  # fmt: skip

    def _require_complete(self) -> None:
        """Raise OkrctlError where something is left open: a value changed twice, nothing typed, no reason."""
        for each in self.fields:
            each.problem = f"Somebody changed it to {each.value.theirs} meanwhile." if each.value.is_open else ""
        if any(each.value.is_open for each in self.fields):
            raise ConflictError("a value changed while you typed", "choose which one is right; nothing is saved yet")
        changed = [each for each in self.fields if each.value.is_changed and each.value.typed != each.value.now]
        if not changed:
            self._require_reason_of_record()
        elif not self.reason and any(each.value.now for each in changed):
            raise ConfirmError("a change to agreed values needs a reason", "write why it changes, below the values")

    def _require_reason_of_record(self) -> None:
        """Raise ConfirmError where no value is typed, unless the reason is for a change that is made already."""
        if self.unrecorded is None:
            raise ConfirmError("nothing is changed", "write a new value beside the agreed one")
        if not self.reason:
            raise ConfirmError("the reason is empty", "write why the value changed, below the values")

    def _amendment(self, reason: str) -> Amendment:
        """The planned amendment; a problem with one value is noted beside it."""
        values = {each.name: self._value(each) for each in self.fields if each.value.is_changed}
        if not values and self.unrecorded is not None:
            return record_reason(self.visit.project, self.visit.workspace, self.unrecorded, " ".join(reason.split()))
        try:
            return operation.amend(self.visit.project, self.node.ref, values, reason)
        except OkrctlError:
            for name, text in values.items():
                self._note_problem(name, text)
            raise

    def _note_problem(self, name: str, text: str) -> None:
        try:
            operation.amend(self.visit.project, self.node.ref, {name: text}, self.reason or "the reason")
        except OkrctlError as error:
            for each in self.fields:
                if each.name == name:
                    each.problem = describe(error)

    def _value(self, each: AmendField) -> str:
        """A typed value as the command line takes it."""
        if each.value.typed:
            is_number = each.name not in ("plan", "between", "due", "state") and "," in each.value.typed
            has_comma = is_number and self.visit.config.numbers == "de"
            return decimal_comma.with_point(each.value.typed) if has_comma else each.value.typed
        if each.name == "plan":
            return amendments.NO_PLAN
        each.problem = "Write a value; what was agreed cannot become nothing."
        raise UsageError(f"{each.label} is empty", f"write a value, such as the agreed one: {each.value.now}")

    def _records(self) -> list[Record]:
        """The changes of before."""
        known = self.node.model.amended if isinstance(self.node, KeyResult) else []
        return [
            Record(
                "; ".join(f"{label_of(key)} was {_format_record(value)}" for key, value in each.was.items()),
                f"changed by {owner_name(self.visit.config, each.by)}"
                f" on {wording.short_day(each.date, self.visit.today)}",
                each.reason,
            )
            for each in known
        ]


def label_of(name: str) -> str:
    """What people call a value, by its key or the name of its option."""
    option = name.replace("_", "-")
    return LABELS.get(option, option.replace("-", " ").capitalize())


def _format_record(value: object) -> str:
    """A value of before: a number, a list of them, or a plan."""
    if isinstance(value, Mapping):
        return ", ".join(f"{format_agreed(str(number))} by {day}" for day, number in value.items())
    return " to ".join(map(_format_record, value)) if isinstance(value, list) else format_agreed(str(value))


PAGES = (Page("/amend/{ref:path}", amend, methods=("GET", "POST")),)
