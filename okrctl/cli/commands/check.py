"""Validates the files of a workspace, and mends or suppresses what it finds there."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from okrctl import files
from okrctl.check.report import CheckReport
from okrctl.cli import merge_base
from okrctl.cli.options import DryRun, Output
from okrctl.cli.selection import CheckOptions, Strings
from okrctl.cli.session import Session
from okrctl.files import lock
from okrctl.outputs import render
from okrctl.outputs.terminal import sanitize
from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError

if TYPE_CHECKING:
    from okrctl.check.fixes import FixResult

FORMATS = ("full", "concise", "json", "github", "gitlab", "sarif", "junit", "rdjson", "markdown")
STATISTICS_FORMATS = ("full", "concise", "json")
Level = Literal["error", "warning", "info"]

Paths = Annotated[Strings, typer.Argument(metavar="[PATH]...", help="Show only findings in these.")]
FORMATS_HELP = f"{', '.join(FORMATS)}; may be repeated, each with a file to write to."
Formats = Annotated[
    Strings,
    typer.Option("--format", metavar="FORMAT[=FILE]", help=FORMATS_HELP, autocompletion=lambda: list(FORMATS)),
]


def _complete_rules() -> list[str]:
    from okrctl.check import rule_page

    return rule_page.rule_names()


IGNORE_HELP = "All rules but these."
SELECT_HELP = "Only these rules: codes, OKR2 for a family, names."
Select = Annotated[Strings, typer.Option("--select", metavar="RULE", help=SELECT_HELP, autocompletion=_complete_rules)]
Ignore = Annotated[Strings, typer.Option("--ignore", metavar="RULE", help=IGNORE_HELP, autocompletion=_complete_rules)]
FailOn = Annotated[Level | None, typer.Option("--fail-on", help="The least severity that fails the check.")]
Strict = Annotated[bool, typer.Option("--strict", help="The same as --fail-on warning.")]
Statistics = Annotated[bool, typer.Option("--statistics", help="Only count what each rule finds.")]
STDIN_HELP = "Take this file's text from standard input."
Stdin = Annotated[str | None, typer.Option("--stdin-filename", metavar="PATH", help=STDIN_HELP)]
BASE_HELP = "Also check what changed since this git revision; found by itself in pull requests."
Base = Annotated[str | None, typer.Option("--base", metavar="REV", help=BASE_HELP)]
AllFindings = Annotated[bool, typer.Option("--all-findings", help="With a base: what it has already, too.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Read everything anew.")]
Fix = Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")]
AddIgnore = Annotated[bool, typer.Option("--add-ignore", help="Suppress all present findings.")]


def check(
    context: typer.Context,
    paths: Paths = None,
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
    no_cache: NoCache = False,
    fix: Fix = False,
    dry_run: DryRun = False,
    add_ignore: AddIgnore = False,
) -> int:
    """Validate the OKR and KPI files of this workspace."""
    session = Session.of(context)
    formats = _parse_formats(format, statistics)
    if dry_run and not (fix or add_ignore):
        raise OkrctlError("--dry-run goes with --fix or --add-ignore", "without them nothing is written anyway")
    if (fix or add_ignore) and stdin_filename is not None:
        raise OkrctlError("a text from standard input cannot be written back", "leave --stdin-filename out")
    chosen = CheckOptions(session, paths, select, ignore, fail_on, strict, stdin_filename)
    if fix or add_ignore:
        from okrctl.check import fixes, suppressions

        change, deed = (fixes.apply_fixes, "mend") if fix else (suppressions.suppress_findings, "suppress")
        report = _apply_fixes(
            session, change(partial(chosen.build_report, every=True), chosen.is_selected), deed, dry_run, output
        )
        if dry_run:
            return int(report.filtered(chosen.is_selected).has_failed)
    else:
        report = merge_base.check_against_base(session, chosen, base, all_findings, no_cache)
    report = report.filtered(chosen.is_selected)
    _append_job_summary(session, report)
    _write_formats(session, report, formats, output, statistics)
    return int(report.has_failed)


def _parse_formats(said: Strings, statistics: bool) -> list[tuple[str, Path | None]]:
    """Formats with the files they go to."""
    found = []
    for word in said or ["full"]:
        name, _, path = word.partition("=")
        if name not in FORMATS:
            meant = suggestions.find_closest(name, FORMATS)
            hint = f"did you mean '{meant}'?" if meant else f"choose one of {', '.join(FORMATS)}"
            raise OkrctlError(f"there is no format '{sanitize(name)}'", hint)
        if statistics and name not in STATISTICS_FORMATS:
            raise OkrctlError(f"there are no statistics as {name}", f"choose one of {', '.join(STATISTICS_FORMATS)}")
        found.append((name, Path(path) if path else None))
    return found


def _write_formats(
    session: Session, report: CheckReport, formats: list[tuple[str, Path | None]], output: Path | None, statistics: bool
) -> None:
    result = report.statistics if statistics else report
    unfiled = [name for name, path in formats if path is None]
    if output is not None and len(unfiled) > 1:
        raise OkrctlError("--output takes one format", "write the others as `--format FORMAT=FILE`")
    for name, path in formats:
        if name == "full" and session.quiet and not report.diagnostics and path is output is None:
            continue
        session.deliver(render(result, name, session.style), path or output)


def _append_job_summary(session: Session, report: CheckReport) -> None:
    """Adds to the summary of the job where GitHub runs it, as far as there is room."""
    place = session.environment.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    from okrctl.outputs.markdown import findings
    from okrctl.outputs.markdown.text import SUMMARY_LIMIT

    path = Path(place)
    room = SUMMARY_LIMIT - (path.stat().st_size if path.exists() else 0)
    if room > 2000:
        files.append(path, findings.page(report, room).encode("utf-8", "replace"))


def _apply_fixes(session: Session, mended: FixResult, deed: str, dry_run: bool, output: Path | None) -> CheckReport:
    """Says what changes, then writes it, and returns what is true then; with `dry_run` shows it only."""
    if dry_run:
        from okrctl.outputs import unified_diff

        session.deliver(unified_diff.render(mended.texts, session.style), output)
    for verb, ones in ((f"would {deed}" if dry_run else deed, mended.fixed), ("leave", mended.refused)):
        for one in ones:
            session.say(f"{verb} {sanitize(one.path)}:{one.span.line}: {one.code} {sanitize(one.message)}")
    if not dry_run and mended.texts:
        with lock.lock(session.root):
            for path, (old, new) in mended.texts.items():
                files.write_atomically(session.root / path, new.encode(), old.encode())
    return mended.before if dry_run else mended.after
