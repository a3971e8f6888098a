"""What the linter finds, with the lines, and its safe fixes, each shown before it is made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from okrctl.check import rule_page
from okrctl.check.report import CheckReport
from okrctl.check.rule_page import RulePage
from okrctl.operations.check import CheckRequest, FindingKey, RepairResult, check, key_of, repair
from okrctl.outputs.ci.full import count_files, count_noun
from okrctl.server.forms import PlannedWrite, WriteForm, respond_to_form, saved_address
from okrctl.server.links import ref_address
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.diagnostic import SEVERITIES, START, Diagnostic, Span
from okrctl.values.errors import ConflictError, NotFoundError, OkrctlError
from okrctl.workspace import references
from okrctl.yaml_edit import FileChange

MAX_SHOWN = 200
AROUND = 2  # lines before and after
MAX_WIDTH = 400  # characters of a line
MARKERS = {"# BASE": "# Before:", "# NOW": "# After:", "# FILE: ": "# ", "# AUTHOR: ": "# Committed by "}


class Line(NamedTuple):
    """A line of a file, in three parts of which the middle one is marked."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


class Excerpt(NamedTuple):
    """The lines around a place."""

    path: str
    line: int
    message: str
    lines: list[Line]


class Rule(NamedTuple):
    """The page of a rule: its paragraphs, each as text and code in turns, and its examples."""

    page: RulePage
    paragraphs: list[list[str]]
    examples: list[tuple[str, str]]


class Finding(NamedTuple):
    """A finding as it is shown: `help` as text and code in turns, the page of its goal, and the form that amends it.

    `key` is what a form sends to have it fixed.
    """

    found: Diagnostic
    excerpts: list[Excerpt]
    rule: Rule | None
    help: list[str]
    href: str
    amend: str
    key: FindingKey


class FileFindings(NamedTuple):
    """The findings of a file, and how many of them have a fix."""

    path: str
    findings: list[Finding]
    fixable: int


class Chosen(NamedTuple):
    """Which findings the address asks for."""

    severity: str
    rule: str

    def includes(self, found: Diagnostic) -> bool:
        """Whether a finding is one of them."""
        return self.severity in ("", found.severity) and self.rule in ("", found.code)


def findings(visit: Visit) -> Response:
    """The findings, or the fix of some."""
    if visit.request.method == "GET":
        return _show(visit, None)
    visit.require("fix")
    sent = Fix(visit)
    return respond_to_form(visit, WriteForm("Fix findings", sent.plan, sent.save, sent.show))


def _show(visit: Visit, error: OkrctlError | None) -> Response:
    try:
        result = check(visit.project, CheckRequest())
    except NotFoundError as problem:
        return visit.render("findings.html", title="Findings", error=problem, report=None, files=[], notes=[])
    report, chosen = result.report, _read_choice(visit)
    shown = [found for found in report.diagnostics if chosen.includes(found)]
    codes = Counter(found.code for found in report.diagnostics)
    names = {found.code: found.name for found in report.diagnostics}
    return visit.render(
        "findings.html",
        409 if error is not None else 200,
        title="Findings",
        error=error,
        report=report,
        chosen=chosen,
        summary=_summary(report),
        severities=[(severity, count) for severity, count in report.counts.items() if count],
        rules=[(code, names[code], count) for code, count in sorted(codes.items())],
        files=list(_files(visit, report, shown[:MAX_SHOWN])),
        hidden=max(len(shown) - MAX_SHOWN, 0),
        notes=result.notes,
    )


def _read_choice(visit: Visit) -> Chosen:
    rule = visit.query("rule")
    known = rule_page.find_rule(rule) if rule else None
    severity = visit.query("severity")
    return Chosen(severity if severity in SEVERITIES else "", known.code if known else rule)


def _summary(report: CheckReport) -> str:
    counts = [count_noun(number, word) for word, number in report.counts.items() if number]
    return f"{', '.join(counts) or 'Nothing found'} in {count_files(report)}"


def _files(visit: Visit, report: CheckReport, shown: Sequence[Diagnostic]) -> Iterator[FileFindings]:
    """The findings by file; files with errors come first."""
    rules: dict[str, Rule | None] = {}
    grouped = [(path, list(group)) for path, group in groupby(shown, key=lambda found: found.path)]
    grouped.sort(key=lambda pair: min(SEVERITIES.index(found.severity) for found in pair[1]))
    for path, group in grouped:
        found = [_finding(visit, report, each, rules) for each in group]
        yield FileFindings(path, found, sum(each.is_fixable for each in report.diagnostics if each.path == path))


def _finding(visit: Visit, report: CheckReport, found: Diagnostic, rules: dict[str, Rule | None]) -> Finding:
    excerpts = [_excerpt(report, found.path, found.span, "")]
    excerpts += [_excerpt(report, other.path, other.span, other.message) for other in found.related]
    if found.code not in rules:
        rules[found.code] = _rule(found.code)
    href, help = _page_of(visit, found.ref), found.help[:1].upper() + found.help[1:]
    can_amend = href and found.ref is not None and "`okrctl amend " in found.help and visit.can("amend")
    amend = f"/amend/{quote(found.ref or '')}" if can_amend else ""
    return Finding(found, excerpts, rules[found.code], split_code(help), href, amend, key_of(found))


def _page_of(visit: Visit, ref: str | None) -> str:
    """The page of what a finding is about; empty where it cannot be read."""
    known = ref is not None and any(node.ref == ref for node in references.all_nodes(visit.workspace))
    return ref_address(visit.workspace, ref) if ref is not None and known else ""


def _excerpt(report: CheckReport, path: str, span: Span, message: str) -> Excerpt:
    numbers = range(max(span.line - AROUND, 1), span.line + AROUND + 1)
    texts = {number: text for number in numbers if (text := report.line(path, number)) is not None}
    lines = [_marked(number, text, span) for number, text in texts.items()] if span.line in texts else []
    return Excerpt(path, span.line, message, lines)


def _marked(number: int, text: str, span: Span) -> Line:
    if number != span.line:
        return Line(number, text[:MAX_WIDTH])
    is_whole_line = span.end_line != span.line or span == START._replace(line=span.line, end_line=span.line)
    start = len(text) - len(text.lstrip()) if is_whole_line else span.column - 1
    end = len(text.rstrip()) if is_whole_line else span.end_column - 1
    begin = max(start - MAX_WIDTH // 2, 0)
    return Line(number, text[begin:start], text[start:end][:MAX_WIDTH], text[end : end + MAX_WIDTH])


def _rule(code: str) -> Rule | None:
    rule = rule_page.find_rule(code)
    if rule is None:
        return None
    page = rule_page.parse_page(rule)
    paragraphs = [split_code(text) for text in (page.summary, *page.paragraphs)]
    return Rule(page, paragraphs, [(label, _readable(text)) for label, text in page.examples])


def split_code(text: str) -> list[str]:
    """A text with code in backticks as text and code in turns."""
    return re.split(r"`([^`]*)`", text)


def _readable(example: str) -> str:
    """An example with what its markers mean."""
    for marker, words in MARKERS.items():
        example = re.sub(rf"^{re.escape(marker)}", words, example, flags=re.MULTILINE)
    return example


# Fixing


class Fix:
    """The fix of one finding, or of all findings of a file, as a form asks for it."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        line = visit.form("line")
        message = visit.form("message")
        self.path = visit.form("path")
        self.only = FindingKey(visit.form("code"), self.path, int(line), message) if line.isdecimal() else None

    def plan(self) -> PlannedWrite:
        """What would be written."""
        result = self._repair(dry_run=True)
        changes = [FileChange(path, old, new) for path, (old, new) in sorted(result.texts.items())]
        return PlannedWrite(changes)

    def save(self) -> str:
        """Write the fix, as one commit."""
        result = self._repair(dry_run=False)
        self.visit.reload()
        words = count_noun(len(result.fixed), "fix").replace("fixs", "fixes")
        return saved_address("/findings", result.commit, f"{words} in {', '.join(sorted(result.texts))}")

    def show(self, error: OkrctlError | None) -> Response:
        """The findings, with what went wrong."""
        return _show(self.visit, error)

    def _repair(self, *, dry_run: bool) -> RepairResult:
        """The fixes; raises ConflictError where there is nothing to fix any more."""
        visit = self.visit
        if not any(found.is_fixable and self._includes(found) for found in self._report().diagnostics):
            raise ConflictError("this is no longer found, or has no fix", "the findings below are those of now")
        result = repair(
            visit.project, CheckRequest(), "fix", dry_run=dry_run, commit=visit.write_options.commit,
            is_wanted=self._includes,
        )  # fmt: skip
        if not result.texts:
            raise ConflictError("the fix would bring a new error, so it is not made", "edit the file by hand")
        return result

    def _report(self) -> CheckReport:
        return check(self.visit.project, CheckRequest()).report

    def _includes(self, found: Diagnostic) -> bool:
        return found.path == self.path if self.only is None else key_of(found) == self.only


PAGES = (Page("/findings", findings, "Findings", ("GET", "POST"), is_kept=False),)
