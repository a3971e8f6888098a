"""What the linter finds, with the lines, and its safe fixes, each shown before it is made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from okrctl.check import rule_page
from okrctl.check.report import CheckReport
from okrctl.check.rule_page import RulePage
from okrctl.check.rules import missing_owner, unknown_owner
from okrctl.operations import assign
from okrctl.operations.apply import WriteOptions
from okrctl.operations.check import CheckRequest, FindingKey, RepairResult, check, key_of, repair
from okrctl.operations.record import RecordResult
from okrctl.outputs.ci.full import count_files
from okrctl.server.forms import PlannedWrite, WriteForm, respond_to_form, saved_address
from okrctl.server.links import node_address, owner_name
from okrctl.server.page import Page
from okrctl.server.pages.amend import label_of
from okrctl.server.visit import Visit
from okrctl.values import suggestions
from okrctl.values.diagnostic import SEVERITIES, START, Diagnostic, Span
from okrctl.values.errors import ConfirmError, ConflictError, NotFoundError, OkrctlError
from okrctl.values.nouns import count_noun
from okrctl.workspace import Node, references
from okrctl.yaml_edit import FileChange

MAX_SHOWN = 200
AROUND = 2  # lines before and after
MAX_WIDTH = 400  # characters of a line
MOVED = re.compile(r"'(\w+)' was ([^,]+), is now ([^,]+): easier than agreed, without an amendment$")
UNKNOWN_OWNER = re.compile(r"'(.*)' is neither a person nor a team in ")
OWNER_CODES = (unknown_owner.RULE.code, missing_owner.RULE.code)
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
    """A finding as it is shown: the title of its goal, a sentence, and a way to answer it.

    `help` is text and code in turns, `amend` the form that amends the goal with the label of the link. `owner` is who
    is likely meant, empty where nobody is, and None where no owner is to be chosen. `key` is what a form sends to have
    the finding fixed.
    """

    found: Diagnostic
    sentence: str
    excerpts: list[Excerpt]
    rule: Rule | None
    help: list[str]
    key: FindingKey
    title: str = ""
    href: str = ""
    amend: tuple[str, str] | None = None
    owner: str | None = None


class FixableFile(NamedTuple):
    """A file, and how many of its findings can be fixed."""

    path: str
    fixes: int


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
    if visit.form("ref"):
        chosen = OwnerChoice(visit)
        return respond_to_form(visit, WriteForm("Choose an owner", chosen.plan, chosen.save, chosen.show))
    sent = Fix(visit)
    return respond_to_form(visit, WriteForm("Fix findings", sent.plan, sent.save, sent.show))


def _show(visit: Visit, error: OkrctlError | None) -> Response:
    try:
        result = check(visit.project, CheckRequest())
    except NotFoundError as problem:
        return visit.render("findings.html", title="Findings", error=problem, report=None, notes=[])
    report, chosen = result.report, _read_choice(visit)
    shown = [found for found in report.diagnostics if chosen.includes(found)]
    nodes = {node.ref: node for node in references.all_nodes(visit.workspace)}
    return visit.render(
        "findings.html",
        409 if error is not None else 200,
        title="Findings",
        error=error,
        report=report,
        chosen=chosen,
        summary=_summary(report),
        severities=[(severity, count) for severity, count in report.counts.items() if count],
        rules=_count_rules(report),
        findings=[_finding(visit, report, each, nodes) for each in sorted(shown, key=_rank)[:MAX_SHOWN]],
        fixable=_fixable_files(report),
        owners=assign.find_owners(visit.project, visit.workspace),
        hidden=max(len(shown) - MAX_SHOWN, 0),
        notes=result.notes,
    )


def _count_rules(report: CheckReport) -> list[tuple[str, str, int]]:
    """The rules with findings: code, name and how many."""
    codes = Counter((found.code, found.name) for found in report.diagnostics)
    return [(code, name, count) for (code, name), count in sorted(codes.items())]


def _fixable_files(report: CheckReport) -> list[FixableFile]:
    counts = Counter(found.path for found in report.diagnostics if found.is_fixable)
    return [FixableFile(path, count) for path, count in counts.items() if count > 1]


def _read_choice(visit: Visit) -> Chosen:
    rule = visit.query("rule")
    known = rule_page.find_rule(rule) if rule else None
    severity = visit.query("severity")
    return Chosen(severity if severity in SEVERITIES else "", known.code if known else rule)


def _summary(report: CheckReport) -> str:
    counts = [count_noun(number, word) for word, number in report.counts.items() if number]
    return f"{', '.join(counts) or 'Nothing found'} in {count_files(report)}"


def _rank(found: Diagnostic) -> int:
    """Errors first; otherwise in the order of the report, which is that of the files."""
    return SEVERITIES.index(found.severity)


def _finding(visit: Visit, report: CheckReport, found: Diagnostic, nodes: Mapping[str, Node]) -> Finding:
    excerpts = [_excerpt(report, found.path, found.span, "")]
    excerpts += [_excerpt(report, other.path, other.span, other.message) for other in found.related]
    help, node = found.help[:1].upper() + found.help[1:], nodes.get(found.ref or "")
    finding = Finding(
        found, _sentence(visit, found), excerpts, _rule(found.code), split_code(help), key_of(found)
    )  # fmt: skip
    return finding if node is None else _with_answer(visit, finding, node)


def _with_answer(visit: Visit, finding: Finding, node: Node) -> Finding:
    """A finding with the goal that it is about, and what a person may do about it here."""
    found, owner = finding.found, node.owner or ""
    finding = finding._replace(title=node.model.title or node.id, href=node_address(node))
    if "`okrctl amend " in found.help and visit.can("amend"):
        label = "Record the reason" if MOVED.match(found.message) else "Amend"
        finding = finding._replace(amend=(f"/amend/{quote(node.ref)}", label))
    is_open = not owner or not visit.config.is_known_owner(owner)
    if found.code in OWNER_CODES and is_open and visit.can("fix") and visit.config.people:
        finding = finding._replace(owner=_suggest_owner(visit, owner))
    return finding


def _sentence(visit: Visit, found: Diagnostic) -> str:
    """A finding without the words of the files, where there are such; else its message."""
    moved, unknown = MOVED.match(found.message), UNKNOWN_OWNER.match(found.message)
    if moved:
        name, was, now = moved.groups()
        easier = "which is easier than agreed, without a recorded reason"
        return f"The {label_of(name).lower()} was {was} and is now {now}, {easier}"
    if unknown:
        name = owner_name(visit.config, _suggest_owner(visit, unknown[1]))
        return f"The owner “{unknown[1]}” is not known{f': did you mean {name}?' if name else ''}"
    return found.message[:1].upper() + found.message[1:]


def _suggest_owner(visit: Visit, name: str) -> str:
    """Who is most likely meant by the name of an unknown owner; empty where nobody is."""
    known = [owner.id for owner in assign.find_owners(visit.project, visit.workspace)]
    return suggestions.find_closest(name, known) or ""


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


@cache
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
        words = count_noun(len(result.fixed), "fix")
        return saved_address("/findings", result.commit, f"{words} in {', '.join(sorted(result.texts))}")

    def show(self, error: OkrctlError | None) -> Response:
        """The findings, with what went wrong."""
        return _show(self.visit, error)

    def _repair(self, *, dry_run: bool) -> RepairResult:
        """The fixes; raises ConflictError where there is nothing to fix any more."""
        visit = self.visit
        if not any(found.is_fixable and self._includes(found) for found in self._report().diagnostics):
            raise ConflictError("this finding no longer exists, or has no fix", "the findings below are current")
        result = repair(
            visit.project, CheckRequest(), "fix", dry_run=dry_run, commit=visit.write_options.commit,
            is_wanted=self._includes,
        )  # fmt: skip
        if not result.texts:
            raise ConflictError("the fix would introduce a new error, so it was not applied", "edit the file by hand")
        return result

    def _report(self) -> CheckReport:
        return check(self.visit.project, CheckRequest()).report

    def _includes(self, found: Diagnostic) -> bool:
        return found.path == self.path if self.only is None else key_of(found) == self.only


# Choosing an owner


class OwnerChoice:
    """Another owner for a goal or KPI, as a form asks for it."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def plan(self) -> PlannedWrite:
        """What would be written."""
        options = self.visit.write_options._replace(dry_run=True, commit=False)
        return PlannedWrite(self._assign(options).write.changes)

    def save(self) -> str:
        """Write the owner, as one commit."""
        self.visit.reload()
        result = self._assign(self.visit.write_options)
        self.visit.reload()
        name = owner_name(self.visit.config, self.visit.form("owner"))
        return saved_address("/findings", result.write.commit, f"{name} as the owner")

    def show(self, error: OkrctlError | None) -> Response:
        """The findings, with what went wrong."""
        return _show(self.visit, error)

    def _assign(self, options: WriteOptions) -> RecordResult:
        visit = self.visit
        if not visit.form("owner"):
            raise ConfirmError("no owner is chosen", "choose one")
        node = references.find_node(visit.workspace, visit.form("ref"), visit.today)
        return assign.assign(visit.project, visit.workspace, node, visit.form("owner"), options)


PAGES = (Page("/findings", findings, "Findings", ("GET", "POST")),)
