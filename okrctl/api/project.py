"""A workspace as an object: its methods are the commands, with the same operations below."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from okrctl.analysis.explanation import Explanation as ScoreExplanation
from okrctl.api import results
from okrctl.api.plan import Plan, build_plan
from okrctl.kpis.attribution import Attribution as KpiAttribution
from okrctl.kpis.detail import KpiDetail
from okrctl.operations import amend as amend_operation
from okrctl.operations import check as check_operation
from okrctl.operations import checkin as checkin_operation
from okrctl.operations import close as close_operation
from okrctl.operations import diff as diff_operation
from okrctl.operations import explain as explain_operation
from okrctl.operations import impact as impact_operation
from okrctl.operations import kpi as kpi_operation
from okrctl.operations import log as log_operation
from okrctl.operations import new as new_operation
from okrctl.operations import project as circumstances
from okrctl.operations import record, workspaces
from okrctl.operations import refresh as refresh_operation
from okrctl.operations import reopen as reopen_operation
from okrctl.operations import report as report_operation
from okrctl.operations import score as score_operation
from okrctl.operations import show as show_operation
from okrctl.operations import status as status_operation
from okrctl.operations import tree as tree_operation
from okrctl.operations import verify as verify_operation
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.checkin import CheckinDetails
from okrctl.operations.load import Filters, load_workspace
from okrctl.values.errors import NotFoundError, UsageError
from okrctl.workspace import Workspace, disk
from okrctl.yaml_edit import preview
from okrctl.yaml_edit.checkins import PlannedEdit

Value = str | int | Decimal | date


def open(path: str | os.PathLike[str] = ".", *, environment: Mapping[str, str] | None = None) -> Project:
    """Return the nearest workspace at or above a folder.

    `environment` (default: that of the process) holds `OKRCTL_TODAY` for another day than today. Raises NotFoundError
    where there is no such folder or no workspace.
    """
    found = Project(Path(path).absolute(), os.environ if environment is None else environment)
    if not found.has_workspace():
        raise NotFoundError(f"no workspace at or above {path}", workspaces.hint_to_start(found.directory))
    return found


@dataclass
class Project(circumstances.Project):
    """A workspace on the disk, which every method reads anew. Methods raise subclasses of `okrctl.Error`.

    Of all: FilesError and SettingsError where a file is broken (but not `check`), GitError where git fails,
    NotFoundError and AmbiguousError for a name that fits nothing or several. References may be their unique end.
    """

    def check(
        self, *paths: str, base: str | None = None, select: Sequence[str] = (), ignore: Sequence[str] = ()
    ) -> results.CheckReport:
        """Check the files, and with `base` what changed since that revision; raises NotFoundError without any file.

        `paths` limit the report; `select` and `ignore` hold rules by code, name or family (`OKR2`).
        """
        request = check_operation.CheckRequest(paths, select=select, ignore=ignore, base=base)
        found = check_operation.check(self, request)
        return results.CheckReport.build(found.report, found.notes)

    def score(
        self, period: str, *, as_of: date | None = None, known_at: str | None = None, agreed: bool = False
    ) -> results.Scorecard:
        """Return the scorecard of a period on a day (default: today), with the files as they are or were at a revision.

        With `agreed` the score is against what was agreed; raises GitError where that is not known.
        """
        request = score_operation.ScoreRequest((period,), as_of, known_at, use_agreed=agreed)
        return results.Scorecard.build(score_operation.score(self, request).scorecards.cards[0])

    def scores(self, *, as_of: date | None = None, known_at: str | None = None) -> tuple[results.Scorecard, ...]:
        """Return the scorecards of the periods that run on a day, as `okrctl score` without a period."""
        request = score_operation.ScoreRequest((), as_of, known_at)
        return tuple(map(results.Scorecard.build, score_operation.score(self, request).scorecards.cards))

    def status(self, *, as_of: date | None = None, known_at: str | None = None) -> results.StatusReport:
        """Return what needs attention on a day, the worst first."""
        request = status_operation.StatusRequest(as_of, known_at)
        return results.StatusReport.build(status_operation.status(self, request).report)

    def kpi(self, kpi: str, *, as_of: date | None = None, known_at: str | None = None) -> results.Kpi:
        """Return a KPI by its id, with its readings; raises NotFoundError where it is none."""
        detail = show_operation.show(self, kpi, as_of=as_of, known_at=known_at)
        if not isinstance(detail, KpiDetail):
            raise NotFoundError(f"'{kpi}' is not a KPI", "name one of project.kpis()")

        def attribute(name: str, since: date | None, until: date | None) -> results.Attribution:
            request = explain_operation.ExplainRequest(name, as_of, known_at, since, until)
            found = explain_operation.explain(self, request)
            assert isinstance(found, KpiAttribution)
            return results.Attribution.build(found)

        return results.Kpi.build(detail, attribute)

    def kpis(
        self, *, as_of: date | None = None, known_at: str | None = None, teams: Sequence[str] = ()
    ) -> results.KpiList:
        """Return the KPIs, the worst first."""
        request = kpi_operation.KpiRequest(as_of, known_at, Filters(teams))
        return results.KpiList.build(kpi_operation.kpi(self, request).overview)

    def explain(self, ref: str, *, as_of: date | None = None, known_at: str | None = None) -> results.Explanation:
        """Return the arithmetic of the score of an objective or key result; for a KPI see `Kpi.attribution`."""
        request = explain_operation.ExplainRequest(ref, as_of, known_at)
        found = explain_operation.explain(self, request)
        if not isinstance(found, ScoreExplanation):
            raise NotFoundError(
                f"'{ref}' is not an objective or key result",
                "write the full reference, such as PERIOD/TEAM/OBJECTIVE.KEY_RESULT",
            )
        return results.Explanation.build(found)

    def show(self, ref: str, *, as_of: date | None = None, known_at: str | None = None) -> results.Detail:
        """Return an objective or key result in full; raises NotFoundError for a KPI, which `kpi` returns."""
        found = show_operation.show(self, ref, as_of=as_of, known_at=known_at)
        if isinstance(found, KpiDetail):
            raise NotFoundError(f"'{ref}' is a KPI", "call project.kpi()")
        return results.Detail.build(found)

    def tree(self, *names: str, as_of: date | None = None, known_at: str | None = None) -> results.Tree:
        """Return what supports what in periods (default: those that run), or the formula of the one KPI named."""
        return results.Tree.build(tree_operation.tree(self, names, as_of=as_of, known_at=known_at))

    def report(
        self, period: str | None = None, *, as_of: date | None = None, known_at: str | None = None, full: bool = False
    ) -> results.Report:
        """Return the report on a period, by default the shortest that runs; `full` includes all detail."""
        request = report_operation.ReportRequest(period, as_of, known_at, full)
        return results.Report.build(report_operation.report(self, request))

    def impact(
        self, period: str | None = None, *, as_of: date | None = None, known_at: str | None = None
    ) -> results.Impact:
        """Return the hypotheses of a period with their verdicts, by default of the newest that is over."""
        return results.Impact.build(impact_operation.impact(self, period, as_of=as_of, known_at=known_at))

    def diff(self, revisions: str | None = None, *, as_of: date | None = None) -> results.Diff:
        """Return what changed in meaning between `REV..REV`, or REV and the files; by default since the last commit."""
        return results.Diff.build(diff_operation.diff(self, revisions, as_of=as_of))

    def log(self, ref: str, *, known_at: str | None = None) -> results.Log:
        """Return the history of an objective, key result or KPI."""
        return results.Log.build(log_operation.log(self, ref, known_at=known_at))

    def verify(self, period: str | None = None) -> results.SealCheck:
        """Recompute the seal of a period, or of all; raises NotFoundError where there is none."""
        return results.SealCheck.build(verify_operation.verify(self, period))

    def checkin(
        self,
        values: Mapping[str, Value | None],
        *,
        date: date | None = None,
        confidence: int | Decimal | None = None,
        note: str | None = None,
        force: bool = False,
        confirm_value: bool = False,
    ) -> Plan:
        """Plan readings by reference: a number with or without its unit, `done`, a milestone's id, a grade.

        None as a value records only the confidence (0 to 10) and the note. The day is today by default. Raises
        ConfirmError for what is likely a mistake, unless `force`, and for a number that looks like a typo, unless
        `confirm_value`; RefusedError for a sealed period.
        """
        if not values:
            raise UsageError(
                "nothing to check in", 'pass a mapping of references to values, such as {"signups": "620"}'
            )
        workspace = load_workspace(self)
        details = CheckinDetails(date, None if confidence is None else str(confidence), note)
        requested = [
            checkin_operation.build_checkin(self, workspace, ref, None if value is None else str(value), details)
            for ref, value in values.items()
        ]
        edits = checkin_operation.checkin(self, workspace, requested)
        return self._plan_edits(workspace, edits, force, confirm_value, preview.commit_message)

    def amend(
        self, ref: str, values: Mapping[str, Value], *, reason: str, force: bool = False, confirm_value: bool = False
    ) -> Plan:
        """Plan other agreed values of a node, such as `{"to": "500"}`, with a record of what was agreed before.

        The keys are the options of `okrctl amend` without dashes. Raises as `checkin` does.
        """
        texts = {name: str(value) for name, value in values.items()}
        amendment = amend_operation.amend(self, ref, texts, reason)
        return self._plan_edits(
            amendment.workspace, [amendment.edit], force, confirm_value, amendment.commit_message
        )  # fmt: skip

    def new(
        self,
        period: str,
        *,
        teams: Sequence[str] = (),
        carry_over: str | None = None,
        refs: Sequence[str] = (),
        kpi: str | None = None,
    ) -> Plan:
        """Plan the files of a period, for teams (default: those at work).

        `carry_over` names the period whose unfinished objectives go on, all or those of `refs`; `kpi` drafts an
        objective for a KPI.
        """
        carry_all = carry_over is not None and not refs
        request = new_operation.NewPeriodRequest(period, teams, carry_over, refs, carry_all, kpi)
        planned = new_operation.plan_period(self, request)
        has_carried = carry_over is not None and kpi is None
        carried = new_operation.unfinished_objectives(self, planned) if has_carried else []
        result = new_operation.new(self, planned, carried, WriteOptions(dry_run=True))
        return self._plan_written(result)

    def close(
        self,
        period: str,
        *,
        outcomes: Mapping[str, str] = MappingProxyType({}),
        retrospectives: Mapping[str, str] = MappingProxyType({}),
        reasons: Mapping[str, str] = MappingProxyType({}),
        accept_unrecorded: bool = False,
        leave_open: bool = False,
        force: bool = False,
    ) -> Plan:
        """Plan to end a period: outcomes (reached, missed or unclear) and retrospectives by objective, and the seal.

        `reasons` say why goals became easier without a record, by reference. Raises ConfirmError where one is missing,
        unless `accept_unrecorded`, where an outcome is missing, unless `leave_open`, and where the period still runs,
        unless `force`; RefusedError where it is closed, or, from `apply(commit=True)`, where files are not committed:
        then the seal names the commit that it was computed from.
        """
        closable = close_operation.find_closable(self, period, force=force)
        words = [f"{ref}={word}" for ref, word in outcomes.items()]
        texts = [f"{ref}={text}" for ref, text in retrospectives.items()]
        given = close_operation.parse_outcomes(closable.scorecard, words, texts)
        if not leave_open:
            close_operation.require_outcomes(closable.scorecard, given)
        why = close_operation.parse_reasons(closable, [f"{ref}={text}" for ref, text in reasons.items()])
        close_operation.require_reasons(closable, why, accept=accept_unrecorded)
        preview = close_operation.preview_close(self, closable, given, why)
        planned = close_operation.close(self, preview, WriteOptions(dry_run=True))

        def write(options: WriteOptions) -> list[WriteResult]:
            return close_operation.close(self, preview, options)

        return build_plan(self, closable.workspace.config, planned, (), write)

    def reopen(self, period: str, *, reason: str) -> Plan:
        """Plan to reopen a closed period; its seal is kept with the reason."""
        stored = reopen_operation.find_seal(self, period)
        return self._plan_written(reopen_operation.reopen(self, stored, reason, WriteOptions(dry_run=True)))

    def refresh(self, *refs: str, since: date | None = None, confirm_value: bool = False) -> Plan:
        """Fetch the readings of KPIs and key results (default: all with a source) and plan to write the new ones.

        Raises FetchError where a source failed, also one that was not allowed with `okrctl refresh --trust`; then
        nothing is planned.
        """
        planned = refresh_operation.plan_refresh(self, refresh_operation.RefreshRequest(refs, since))
        options = WriteOptions(dry_run=True, confirm_value=confirm_value)
        result = refresh_operation.refresh(self, planned, options)
        if failure := result.find_failure():
            raise failure
        return self._plan_written(result.write)

    def _plan_edits(
        self,
        workspace: Workspace,
        edits: Sequence[PlannedEdit],
        force: bool,
        confirm_value: bool,
        message: preview.MessageBuilder,
    ) -> Plan:
        result = record.plan_edits(self, workspace, edits, message, force=force, confirm_value=confirm_value)
        return self._plan_written(result.write, workspace, result.effects)

    def _plan_written(
        self,
        result: WriteResult,
        workspace: Workspace | None = None,
        effects: Sequence[preview.ScoreEffect] = (),
    ) -> Plan:
        config = disk.read_settings(self.root)[0] if workspace is None else workspace.config

        def write(options: WriteOptions) -> list[WriteResult]:
            return [] if result.plan is None else [apply_plan(self, result.plan, options)]

        return build_plan(self, config, [result], effects, write)
