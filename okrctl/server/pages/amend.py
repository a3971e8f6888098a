"""Change what was agreed: the values of now, new ones beside them, and the reason, which is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from starlette.responses import Response

from okrctl.operations import amend as operation
from okrctl.operations import record
from okrctl.operations.amend import Amendment
from okrctl.server.forms import PlannedWrite, TypedField, WriteForm, respond_to_form, saved_address, typed_field
from okrctl.server.links import node_address, owner_name
from okrctl.server.page import Page
from okrctl.server.visit import Visit, describe
from okrctl.values import decimal_comma
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
    "plan": "values by date, with commas between them; empty for a straight line",
    "between": "such as 48,52", "change": "such as -7%, -7pp, +20 or x2", "weight": "1 is usual",
}  # fmt: skip


@dataclass
class AmendField:
    """A value that may change, with its words and what is wrong with what was typed."""

    name: str
    label: str
    hint: str
    value: TypedField
    problem: str = ""


class Record(NamedTuple):
    """An earlier change: when, by whom and why, and what was agreed before."""

    day: str
    by: str
    reason: str
    was: str


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
        self.fields = [self._field(value) for value in values]
        self.reason = visit.form("reason")

    def _field(self, value: AmendableValue) -> AmendField:
        label = LABELS.get(value.name, value.name.replace("-", " ").capitalize())
        return AmendField(value.name, label, HINTS.get(value.name, ""), typed_field(self.visit, value.name, value.text))

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
            raise ConfirmError(amendment.edit.warnings[0], "tick “Change it all the same”, or leave it as it is")
        prepared = record.prepare_edits(visit.project, amendment.workspace, [amendment.edit])
        if prepared.doubts and not visit.form("confirm"):
            self.asks.append("confirm")
            doubt = prepared.doubts[0]
            raise ConfirmError(doubt.message, f"write {' or '.join(doubt.ways)}, or tick “The values are right”")
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
            raise ConfirmError("nothing is changed", "write a new value beside the agreed one")
        if not self.reason and any(each.value.now for each in changed):
            raise ConfirmError("a change of agreed values needs a reason", "write why it changes, below the values")

    def _amendment(self, reason: str) -> Amendment:
        """The planned amendment; a problem with one value is noted beside it."""
        values = {each.name: self._value(each) for each in self.fields if each.value.is_changed}
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
            Record(str(each.date), each.by, each.reason, ", ".join(f"{key} {value}" for key, value in each.was.items()))
            for each in known
        ]


PAGES = (Page("/amend/{ref:path}", amend, methods=("GET", "POST")),)
