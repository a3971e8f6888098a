"""The command that checks the files of a workspace."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl import files
from okrctl.check.report import CheckReport
from okrctl.cli import completion
from okrctl.cli.options import DryRun, Output, Strings, Watch
from okrctl.cli.session import Session
from okrctl.operations.check import CheckRequest, Repair, repair
from okrctl.operations.check import check as run_check
from okrctl.outputs import ci
from okrctl.outputs.ci import DOCUMENTS, FORMATS, STATISTICS_FORMATS, CheckFormat
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError

PATHS_HELP = "Files or folders to report on; each is checked in its own workspace."
Paths = Annotated[Strings, typer.Argument(metavar="PATH", help=PATHS_HELP)]
Level = Literal["error", "warning", "info"]
FORMATS_HELP = f"{', '.join(FORMATS)}; repeatable."
Formats = Annotated[
    Strings,
    typer.Option("--format", metavar="FORMAT[=FILE]", help=FORMATS_HELP, autocompletion=lambda: list(FORMATS)),
]


IGNORE_HELP = "Do not report these rules."
SELECT_HELP = "Report only this code, name or prefix (OKR2)."
Select = Annotated[
    Strings,
    typer.Option("--select", metavar="RULE", help=SELECT_HELP, autocompletion=completion.complete_rule_selection),
]
Ignore = Annotated[
    Strings,
    typer.Option("--ignore", metavar="RULE", help=IGNORE_HELP, autocompletion=completion.complete_rule_selection),
]
FailOn = Annotated[
    Level | None,
    typer.Option("--fail-on", metavar="SEVERITY", help="Exit with 1 if a finding has this severity or a higher one."),
]
Strict = Annotated[bool, typer.Option("--strict", help="The same as --fail-on warning.")]
Statistics = Annotated[bool, typer.Option("--statistics", help="Count the findings of each rule.")]
STDIN_HELP = "Read this file from standard input."
Stdin = Annotated[str | None, typer.Option("--stdin-filename", metavar="PATH", help=STDIN_HELP)]
BASE_HELP = "Also check changes since this revision (in pull requests: since the target branch)."
Base = Annotated[
    str | None, typer.Option("--base", metavar="REV", autocompletion=completion.complete_revisions, help=BASE_HELP)
]
AllFindings = Annotated[bool, typer.Option("--all-findings", help="Also show findings that exist in the base.")]
Fix = Annotated[bool, typer.Option("--fix", help="Apply safe fixes.")]
WHOLE_HELP = "Check workspaces with staged changes as a whole."
Whole = Annotated[bool, typer.Option("--whole", help=WHOLE_HELP)]
COULD_NOT_RUN = 2
AddIgnore = Annotated[bool, typer.Option("--add-ignore", help="Add comments that suppress all current findings.")]


def check(
    context: typer.Context,
    paths: Paths = None,
    whole: Whole = False,
    format: Formats = None,
    output: Output = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: FailOn = None,
    strict: Strict = False,
    statistics: Statistics = False,
    stdin_filename: Stdin = None,
    base: Base = None,
    all_findings: AllFindings = False,
    fix: Fix = False,
    dry_run: DryRun = False,
    add_ignore: AddIgnore = False,
    watch: Watch = False,
) -> int:
    """Check the OKR and KPI files of this workspace, or the given paths."""
    session = Session.of(context)
    formats = _parse_formats(format, statistics)
    action: Repair | None = "fix" if fix else "suppress" if add_ignore else None
    _require_compatible(action, dry_run, stdin_filename, whole)
    texts = {} if stdin_filename is None else {stdin_filename: sys.stdin.buffer.read()}
    request = CheckRequest(
        paths or (), texts, select or (), ignore or (), fail_on, strict, base, all_findings,
        any_workspace=not session.is_directory_given, is_whole=whole, with_languages=statistics,
    )  # fmt: skip
    if action is None:
        report = _check(session, request)
    else:
        is_json = any(name == "json" for name, _ in formats)
        report = _repair(session, request, action, dry_run, output, is_json)
    if not dry_run:
        _append_job_summary(session, report)
        _write_formats(session, report, formats, output, statistics)
    for unread in report.unread:
        session.warn(f"error: {unread.name} is not checked: {unread.why}")
    if report.unread:
        session.warn("hint: pass files or folders of a workspace")
        return COULD_NOT_RUN
    return int(report.has_failed)


def _require_compatible(action: Repair | None, dry_run: bool, stdin_filename: str | None, whole: bool) -> None:
    if whole and stdin_filename is not None:
        raise OkrctlError("--whole and --stdin-filename cannot be used together", "leave out one of them")
    if dry_run and action is None:
        raise OkrctlError("--dry-run needs --fix or --add-ignore", "add one of them, or leave out --dry-run")
    if action is not None and stdin_filename is not None:
        raise OkrctlError("text from standard input cannot be changed in place", "leave out --stdin-filename")


def _check(session: Session, request: CheckRequest) -> CheckReport:
    result = run_check(session, request)
    for note in result.notes:
        session.notify(note)
    return result.report


def _parse_formats(texts: Strings, statistics: bool) -> list[tuple[CheckFormat, Path | None]]:
    """Return formats with the files that they go to."""
    formats = []
    for text in texts or ["full"]:
        name, _, path = text.partition("=")
        format = next((known for known in FORMATS if known == name), None)
        if format is None:
            closest = suggestions.find_closest(name, FORMATS)
            hint = f"did you mean '{closest}'?" if closest else f"choose one of {', '.join(FORMATS)}"
            raise OkrctlError(f"no such format: '{name}'", hint)
        if statistics and name not in STATISTICS_FORMATS:
            raise OkrctlError(
                f"--statistics does not work with --format {name}", f"choose one of {', '.join(STATISTICS_FORMATS)}"
            )
        formats.append((format, Path(path) if path else None))
    return formats


def _write_formats(
    session: Session,
    report: CheckReport,
    formats: list[tuple[CheckFormat, Path | None]],
    output: Path | None,
    statistics: bool,
) -> None:
    _require_room([name for name, path in formats if path is None], output)
    for name, path in formats:
        if name == "full" and session.quiet and not report.diagnostics and path is output is None:
            continue
        session.deliver(_render(report, name, statistics, session.style), path or output)
        if name == "sarif":
            _tell_of_cut(session, report)


def _require_room(without_file: list[CheckFormat], output: Path | None) -> None:
    """Raise OkrctlError where formats would mix: one file takes one, and nothing stands beside a document."""
    document = next((name for name in without_file if name in DOCUMENTS), None)
    if len(without_file) > 1 and (document or output is not None):
        message = f"{document} must be the only format on standard output"
        if output is not None:
            message = "--output cannot take several formats"
        raise OkrctlError(message, "write the others as `--format FORMAT=FILE`")


def _tell_of_cut(session: Session, report: CheckReport) -> None:
    from okrctl.outputs.ci import sarif

    cut = sarif.describe_cut(report)
    if cut:
        session.notify(f"sarif: {cut}")


def _render(report: CheckReport, format: CheckFormat, statistics: bool, style: TerminalStyle) -> str:
    if not statistics:
        return ci.render(report, format, style)
    match format:
        case "full" | "concise" | "json":
            return ci.render_statistics(report.statistics, format, style)
    raise AssertionError(f"--statistics has no format {format}")


def _append_job_summary(session: Session, report: CheckReport) -> None:
    """Append the findings to the job summary of GitHub, as far as there is room."""
    summary = session.environment.get("GITHUB_STEP_SUMMARY")
    if not summary:
        return
    from okrctl.outputs.ci import markdown
    from okrctl.outputs.markdown import SUMMARY_LIMIT

    path = Path(summary)
    room = SUMMARY_LIMIT - (path.stat().st_size if path.exists() else 0)
    if room > 2000:
        files.append(path, markdown.page(report, room).encode("utf-8", "replace"))


def _repair(
    session: Session, request: CheckRequest, action: Repair, dry_run: bool, output: Path | None, is_json: bool
) -> CheckReport:
    """Fix or suppress findings and print which; a dry run prints the diff."""
    result = repair(session, request, action, dry_run=dry_run)
    if dry_run:
        from okrctl.outputs import unified_diff

        text = _render_repair(result.texts) if is_json else unified_diff.render(result.texts, session.style)
        session.deliver(text, output)
    verb = f"would {action}" if dry_run else action
    for prefix, diagnostics in ((verb, result.fixed), ("leave", result.refused)):
        for found in diagnostics:
            path = result.report.relative_path(found.path)
            session.notify(f"{prefix} {path}:{found.span.line}: {found.code} {found.message}")
    return result.report


def _render_repair(texts: Mapping[str, tuple[str, str]]) -> str:
    """The JSON of what a repair would write; `texts` are old and new by path."""
    from okrctl.outputs.views import written
    from okrctl.schema.settings import Config
    from okrctl.yaml_edit import FileChange

    changes = [FileChange(path, old, new) for path, (old, new) in sorted(texts.items())]
    return written.render(changes, None, (), Config(), "json")
