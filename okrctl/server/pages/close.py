"""End a period: how each objective went and what was learned, the scorecard as it will be sealed, and the seal."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from starlette.responses import Response

from okrctl.operations import close as operation
from okrctl.operations.close import ClosablePeriod, ClosePreview, Outcome
from okrctl.operations.load import load_workspace
from okrctl.operations.verify import verify
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.views.verification import describe_cause
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.seals.causes import group_by_cause
from okrctl.seals.seal import OUTCOMES
from okrctl.seals.store import load_seal, sealed_period_ids
from okrctl.server.forms import PlannedWrite, TypedField, WriteForm, respond_to_form, saved_address, typed_field
from okrctl.server.links import node_address, owner_name
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.errors import ConfirmError, ConflictError, OkrctlError, UsageError
from okrctl.values.period import describe


class ObjectiveRow(NamedTuple):
    """An objective of the period: how it went, and what was learned."""

    scored: ObjectiveScore
    owner: str
    href: str
    outcome: TypedField
    retrospective: TypedField

    @property
    def ref(self) -> str:
        """The reference of the objective."""
        return self.scored.node.ref

    @property
    def deciding(self) -> str:
        """The title of the key result that decides the status; empty where none does."""
        results = [each.node for each in self.scored.key_results if each.node.id == self.scored.decided_by]
        return wording.title(results[0]) if results and self.scored.status else ""


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
    def has_open(self) -> bool:
        """Whether an objective has no outcome in the files yet."""
        return any(not row.outcome.now for row in self.rows)

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
                "this is not the scorecard that you looked at", "look at it as it is now; nothing is sealed yet"
            )
        results = operation.close(visit.project, preview, visit.write_options)
        period = self.closable.period.id
        return saved_address(f"/close/{period}", results[-1].commit, f"the seal of {period}")

    def show(self, error: OkrctlError | None) -> Response:
        """The form with what was typed."""
        return self.visit.render(
            "close.html", 409 if error is not None else 200, title=self.title, form=self, error=error,
            card=self.closable.scorecard, described=describe(self.closable.period), outcomes=OUTCOMES,
            notes=list(dict.fromkeys(self.visit.project.messages)), unrecorded=self.closable.unrecorded,
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
            raise error.rephrase(
                error.message, "write why, or tick “Close it without a reason for easier goals”"
            ) from error
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
                raise UsageError(f"the {name} of “{title}” is empty now", f"write one; before it was: {each.now}")
        return Outcome(
            row.scored,
            operation.parse_outcome(outcome.typed) if outcome.is_changed and outcome.typed != outcome.now else None,
            text.typed if text.is_changed and text.typed != text.now else None,
        )

    def _require_ticks(self, outcomes: list[Outcome]) -> None:
        """Raise ConfirmError for what a person must say on purpose."""
        closable, visit = self.closable, self.visit
        if self.is_running and not visit.form("force"):
            raise ConfirmError(
                f"{describe(closable.period)} is still in progress",
                "close it when it is over, or tick “Close it although it is not over”",
            )
        missing = operation.missing_outcomes(closable.scorecard, outcomes)
        if missing and not visit.form("open"):
            titles = [row.scored.node.model.title or row.ref for row in self.rows if row.ref in missing]
            named = ", ".join(f"“{title}”" for title in titles)
            raise ConfirmError(
                f"no outcome yet for {named}", "choose one for each, or tick “Leave objectives without an outcome open”"
            )


PAGES = (Page("/close/{period}", close, methods=("GET", "POST")),)
