"""End a period: how each objective went and what was learned, the scorecard as it will be sealed, and the seal."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from starlette.responses import Response

from okrctl.analysis.due_checkins import due_checkins
from okrctl.history.diff.describe import format_field, format_value
from okrctl.history.seals.causes import group_by_cause
from okrctl.history.seals.seal import OUTCOMES
from okrctl.history.seals.store import load_seal, sealed_period_ids
from okrctl.operations import close as operation
from okrctl.operations.close import ClosablePeriod, ClosePreview, Outcome
from okrctl.operations.load import load_workspace
from okrctl.operations.unrecorded import UnrecordedGoal
from okrctl.operations.verify import verify
from okrctl.outputs.reports import page_text
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.views.verification import describe_cause
from okrctl.scoring.objective import closing_status
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore
from okrctl.server.forms import PlannedWrite, TypedField, WriteForm, respond_to_form, saved_address, typed_field
from okrctl.server.links import check_in_address, node_address, owner_name
from okrctl.server.page import Page
from okrctl.server.period_end import describe_end
from okrctl.server.visit import Visit
from okrctl.values.errors import ConfirmError, ConflictError, OkrctlError, UsageError
from okrctl.values.nouns import count_noun
from okrctl.values.period import describe
from okrctl.workspace import KeyResult


class ObjectiveRow(NamedTuple):
    """An objective of the period: how it went, and what was learned."""

    scored: ObjectiveScore
    closing_status: str
    owner: str
    href: str
    outcome: TypedField
    retrospective: TypedField

    @property
    def ref(self) -> str:
        """The reference of the objective."""
        return self.scored.node.ref

    @property
    def is_open(self) -> bool:
        """Whether nobody has said how the objective went, neither in the files nor in the form."""
        return not (self.outcome.now or self.outcome.typed)


def close(visit: Visit) -> Response:
    """The form, and what becomes of it; the seal, where the period is closed."""
    period = str(visit.request.path_params["period"])
    if period in sealed_period_ids(visit.served.root):
        return _show_seal(visit, period)
    visit.require("close")
    load_workspace(visit.strict_project())  # a scorecard without the goals of a broken file must not be sealed
    form = CloseForm(visit, period)
    if visit.request.method == "GET":
        return form.show(None)
    return respond_to_form(visit, WriteForm(form.title, form.plan, form.save, form.show))


def _show_seal(visit: Visit, period: str) -> Response:
    """The seal of a closed period, verified."""
    stored = load_seal(visit.served.root, period)
    assert stored is not None
    [verified] = verify(visit.strict_project(), period).results
    style = TerminalStyle()
    return visit.render(
        "sealed.html", title=f"{period} is closed", period=period, path=stored.path,
        closed=stored.data.get("closed"), score=_sealed_score(stored.data),
        findings=[str(line) for line in stored.data.get("findings") or ()], verified=verified,
        causes=[describe_cause(cause, style) for cause in group_by_cause(verified.differences)],
    )  # fmt: skip


def _sealed_score(data: Mapping[str, object]) -> str:
    score = data.get("score")
    is_number = isinstance(score, int | float) and not isinstance(score, bool)
    return wording.score(Fraction(str(score))) if is_number else "No score"


def describe_easier(goal: UnrecordedGoal) -> str:
    """What to give a reason for: `the easier target (was 60 %, is now 45 %)`."""
    names = [
        page_text.FIELD_NAMES.get(change.field or "", format_field(change.field or "goal")) for change in goal.changes
    ]
    changes = [f"was {format_value(change.old)}, is now {format_value(change.new)}" for change in goal.changes]
    if len(names) == 1:
        return f"the easier {names[0]} ({changes[0]})"
    return f"what is easier: {'; '.join(f'{name} {text}' for name, text in zip(names, changes, strict=True))}"


class CloseForm:
    """The form of one period, as it was sent, or as it is shown first."""

    def __init__(self, visit: Visit, period: str) -> None:
        self.visit = visit
        self.name = period
        self._read()

    def _read(self) -> None:
        """Read the period as it is now, and what was typed for it."""
        visit = self.visit
        self.closable: ClosablePeriod = operation.find_closable(visit.project, self.name, force=True)
        self.rows = [self._row(scored) for scored in self.closable.scorecard.objectives if scored.state == "active"]
        self.reasons = {goal.ref: visit.form(f"reason:{goal.ref}") for goal in self.closable.unrecorded}

    def _row(self, scored: ObjectiveScore) -> ObjectiveRow:
        model, ref = scored.node.model, scored.node.ref
        return ObjectiveRow(
            scored,
            closing_status(scored, self.visit.config) if self.is_running else "",
            owner_name(self.visit.config, scored.node.owner),
            node_address(scored.node),
            typed_field(self.visit, f"outcome:{ref}", model.outcome or ""),
            typed_field(self.visit, f"retrospective:{ref}", (model.retrospective or "").strip()),
        )

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"Close {self.closable.period.id}"

    @property
    def is_running(self) -> bool:
        """Whether the period is not over yet."""
        return self.visit.today <= self.closable.period.end

    @property
    def open_text(self) -> str:
        """How many objectives have no outcome yet; empty where each has one."""
        number, all_rows = sum(row.is_open for row in self.rows), len(self.rows)
        if not number:
            return ""
        verb, them = ("has", "it") if all_rows == 1 else ("have", "them")
        return f"{number} of {count_noun(all_rows, 'objective')} {verb} no outcome: leave {them} open"

    @property
    def early_text(self) -> str:
        """When the period ends; empty from its last day on."""
        period = self.closable.period
        is_early = self.visit.today < period.end
        return f"{period.id} {describe_end(period, self.visit.today)}: close it now" if is_early else ""

    @property
    def unrecorded_text(self) -> str:
        """How many goals became easier without a reason so far; empty where each has one."""
        number = sum(not reason for reason in self.reasons.values())
        goals = count_noun(number, "goal")
        return f"{goals} became easier without a reason: seal that there is none" if number else ""

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """What stands in the way of a form that was sent: the name of a checkbox, and what it accepts."""
        if self.visit.request.method != "POST":
            return []
        texts = (("force", self.early_text), ("open", self.open_text), ("accept", self.unrecorded_text))
        return [(name, text) for name, text in texts if text]

    @property
    def notes(self) -> list[str]:
        """What to know before: when the period ends, and until when readings count."""
        period, today = self.closable.period, self.visit.today
        notes = list(dict.fromkeys(self.visit.project.messages))
        if self.is_running:
            last = wording.short_day(self.closable.workspace.config.scoring.last_closing_day(period), today)
            notes.append(
                f"{period.id} {describe_end(period, today)}; late readings count until {last}, but not after the close"
            )
        return notes

    @property
    def due(self) -> list[KeyResult]:
        """The key results whose readings are due while the period runs."""
        nodes = due_checkins(self.closable.workspace, self.visit.today)
        return [node for node in nodes if isinstance(node, KeyResult) and node.period == self.closable.period]

    @property
    def check_in(self) -> str:
        """The form for the readings that are due; empty where nobody may write them."""
        return check_in_address(*(node.ref for node in self.due)) if self.visit.can("checkin") else ""

    @property
    def without_data(self) -> list[KeyResultScore]:
        """The key results that have no data."""
        found = (each for row in self.rows for each in row.scored.key_results)
        return [each for each in found if each.state == "active" and each.no_data]

    def plan(self) -> PlannedWrite:
        """What would be written: the outcomes and the seal."""
        preview = self._preview()
        options = self.visit.write_options._replace(dry_run=True)
        operation.close(self.visit.project, preview, options)
        return PlannedWrite(
            preview.outcomes.changes, template="close_preview.html",
            context={"form": self, "preview": preview, "fingerprint": operation.fingerprint(preview)},
        )  # fmt: skip

    def save(self) -> str:
        """Write the outcomes and the seal, each as a commit."""
        visit = self.visit
        visit.reload()
        self._read()
        preview = self._preview()
        if visit.form("fingerprint") != operation.fingerprint(preview):
            raise ConflictError(
                "the scorecard changed since you looked at it", "review it as it is now; nothing is sealed yet"
            )
        results = operation.close(visit.project, preview, visit.write_options)
        period = self.closable.period.id
        return saved_address(f"/close/{period}", results[-1].commit, f"the seal of {period}")

    def show(self, error: OkrctlError | None) -> Response:
        """The form with what was typed."""
        return self.visit.render(
            "close.html", 409 if error is not None else 200, title=self.title, form=self, error=error,
            card=self.closable.scorecard, outcomes=OUTCOMES,
            unrecorded=[(goal, describe_easier(goal)) for goal in self.closable.unrecorded],
        )  # fmt: skip

    def _preview(self) -> ClosePreview:
        """The period as it will be sealed; raises OkrctlError for what must be answered first."""
        self._require_unchanged()
        outcomes = [self._outcome(row) for row in self.rows]
        self._require_ticks(outcomes)
        reasons = {ref: " ".join(reason.split()) for ref, reason in self.reasons.items() if reason}
        try:
            operation.require_reasons(self.closable, reasons, accept=bool(self.visit.form("accept")))
        except ConfirmError as error:
            raise error.rephrase(error.message, f"write why, or tick “{self.unrecorded_text}”") from error
        return operation.preview_close(self.visit.project, self.closable, outcomes, reasons)

    def _require_unchanged(self) -> None:
        if any(row.outcome.is_open or row.retrospective.is_open for row in self.rows):
            raise ConflictError(
                "an objective changed while you typed", "choose what is right; nothing is saved yet"
            )  # fmt: skip

    def _outcome(self, row: ObjectiveRow) -> Outcome:
        """What is to be written for an objective: only what differs from what is there."""
        outcome, text = row.outcome, row.retrospective
        for each, name in ((outcome, "outcome"), (text, "retrospective")):
            if each.is_changed and each.now and not each.typed:
                title = row.scored.node.model.title or row.ref
                raise UsageError(f"the {name} of “{title}” is empty now", f"write one; it was: {each.now}")
        return Outcome(
            row.scored,
            operation.parse_outcome(outcome.typed) if outcome.is_changed and outcome.typed != outcome.now else None,
            text.typed if text.is_changed and text.typed != text.now else None,
        )

    def _require_ticks(self, outcomes: list[Outcome]) -> None:
        """Raise ConfirmError for what a person must say on purpose."""
        closable, visit = self.closable, self.visit
        if self.early_text and not visit.form("force"):
            raise ConfirmError(
                f"{describe(closable.period)} is still running",
                f"close it when it is over, or tick “{self.early_text}”",
            )
        missing = operation.missing_outcomes(closable.scorecard, outcomes)
        if missing and not visit.form("open"):
            titles = [row.scored.node.model.title or row.ref for row in self.rows if row.ref in missing]
            named = ", ".join(f"“{title}”" for title in titles)
            raise ConfirmError(f"no outcome yet for {named}", f"choose one for each, or tick “{self.open_text}”")


PAGES = (Page("/close/{period}", close, methods=("GET", "POST")),)
