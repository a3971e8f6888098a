"""Runs the rules over a workspace and turns what they find into diagnostics with places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

from okrctl.check import rules
from okrctl.check.finding import Context, Finding
from okrctl.check.report import CheckReport, LazyTexts
from okrctl.check.rules import unknown_ignore, unused_ignore
from okrctl.history.diff import Comparison
from okrctl.values import suggestions
from okrctl.values.diagnostic import START, Diagnostic, Location, Related, Replacement, Route, Severity, Span
from okrctl.workspace import File, Objective, Workspace
from okrctl.yaml import Document
from okrctl.yaml.comments import index_by_rule

UNUSED_IGNORE, UNKNOWN_IGNORE = unused_ignore.CODE, unknown_ignore.CODE
CHECKED_SUBJECTS = ("file", "objective", "key_result", "kpi", "workspace")
CODES_IN_SEALED_PERIODS = ("OKR0", "OKR1", "OKR6")
MAX_PER_RULE_AND_FILE = 1000  # findings of one rule in one file; nobody reads more


class LocatedFinding(NamedTuple):
    """A finding with its rule, in its file, and what the rule looked at where that was one thing."""

    rule: ModuleType
    file: File
    finding: Finding
    subject: object = None


def build_report(
    workspace: Workspace, context: Context, comparison: Comparison | None = None, *, is_unlimited: bool = False
) -> CheckReport:
    """The findings of a whole workspace, with `comparison` those on how it changed too.

    Of one rule in one file so many as anybody reads, or `every` one.
    """
    files = [file for file in (workspace.settings, *workspace.files) if file is not None]
    documents = {file.path: file.document for file in files}
    kept = [*(one.csv for one in workspace.key_results), *(one.csv for one in workspace.kpi_nodes)]
    csvs = {csv.path: csv.text for csv in kept if csv is not None and csv.text}
    texts = LazyTexts([*documents, *csvs], lambda path: csvs[path] if path in csvs else documents[path].text)
    beside = tuple(sorted({csv.path for csv in kept if csv is not None}))
    found = tuple(run_rules(workspace, context, comparison, is_unlimited=is_unlimited))
    return CheckReport(found, len(files), texts, context.config.fail_on, related_paths=beside)


def new_since(now: CheckReport, before: CheckReport) -> tuple[CheckReport, int]:
    """The findings that were not there before, told by their names and not by their lines; and how many were.

    Where not all were listed before, one more is nothing new.
    """
    known, alike = set(before.fingerprints()), Counter((one.code, one.path) for one in before.diagnostics)
    named = zip(now.diagnostics, now.fingerprints(), strict=True)
    new = [one for one, name in named if name not in known and alike[one.code, one.path] < MAX_PER_RULE_AND_FILE]
    return replace(now, diagnostics=tuple(new)), len(now.diagnostics) - len(new)


def run_rules(
    workspace: Workspace, context: Context, comparison: Comparison | None = None, *, is_unlimited: bool = False,
    paths: Container[str] | None = None,
) -> list[Diagnostic]:  # fmt: skip
    """The diagnostics of a workspace, in the order in which they are shown, suppressed ones left out.

    Where `only` names some of its files, what is found in others is not whole.
    """
    active = _active_severities(context)
    files = [file for file in (workspace.settings, *workspace.files) if file is not None and not file.is_clean]
    files = [file for file in files if paths is None or file.path in paths]
    placed = [one for file in files for one in _file_findings(file, context, active)]
    placed += _workspace_findings(workspace, context, active)
    placed += _unknown_rule_findings(workspace, active)
    changed = _active_severities(context, ("change",)) if comparison else {}
    placed += _change_findings(comparison, context, changed) if comparison else ()
    kept, used = _unsuppressed(placed)
    kept += [one for file in files for one in _suppression_findings(file, used.get(id(file), set()), active)]
    severities = active | changed
    wanted = [one for one in kept if _is_reported(one, context)]
    diagnostics = [
        _build_diagnostic(one, severities[one.rule.CODE])
        for one in (wanted if is_unlimited else _limit_findings(wanted))
    ]
    return sorted(diagnostics, key=lambda one: one.sort_key)


def build_validity_predicate(context: Context) -> Callable[[File], bool]:
    """Says of a file whether the rules that need no other file find nothing in it."""
    active = _active_severities(context)
    return lambda file: not any(_file_findings(file, context, active))


def _active_severities(context: Context, subjects: tuple[str, ...] = CHECKED_SUBJECTS) -> dict[str, Severity]:
    """The severities of the rules on these subjects that run."""
    here = [rule for rule in rules.RULES if rule.LOOKS_AT in subjects]
    severities = {rule.CODE: rules.severity_of(rule, context.config) for rule in here}
    return {code: severity for code, severity in severities.items() if severity != "ignore"}


def _file_findings(file: File, context: Context, active: dict[str, Severity]) -> Iterator[LocatedFinding]:
    """What the rules find that need no other file."""
    subjects = _subjects_by_kind(file)
    for rule, looks_at, check in _local_checks(frozenset(active)):
        for subject in subjects[looks_at]:
            for finding in check(subject, context):
                yield LocatedFinding(rule, finding.file or file, finding, subject)


@lru_cache(maxsize=4)
def _local_checks(codes: frozenset[str]) -> list[tuple[ModuleType, str, Callable[[Any, Context], Iterator[Finding]]]]:
    return [(one, one.LOOKS_AT, one.check) for one in rules.RULES if one.CODE in codes and hasattr(one, "check")]


def _subjects_by_kind(file: File) -> dict[str, list[Any]]:
    """What rules look at in a file; things that could not be read whole are left alone until they can."""
    subjects: dict[str, list[Any]] = {"file": [file], "objective": [], "key_result": [], "kpi": []}
    whole = not file.omitted
    for node in file.nodes:
        if whole or not _is_faulty(file, node.route):
            subjects["objective" if isinstance(node, Objective) else "kpi"].append(node)
        if isinstance(node, Objective):
            measured = (kr for kr in node.key_results if kr.is_measured and (whole or not file.is_broken_at(kr.route)))
            subjects["key_result"].extend(measured)
    return subjects


def _is_faulty(file: File, route: Route) -> bool:
    return any(left[:1] != ("key_results",) for left in file.omitted_below(route))


def _workspace_findings(
    workspace: Workspace, context: Context, active: dict[str, Severity]
) -> Iterator[LocatedFinding]:
    """What the rules find that look at the whole workspace."""
    for rule in rules.RULES:
        if rule.CODE in active and hasattr(rule, "across"):
            for finding in rule.across(workspace, context):
                assert finding.file is not None
                yield LocatedFinding(rule, finding.file, finding)


def _change_findings(comparison: Comparison, context: Context, active: dict[str, Severity]) -> Iterator[LocatedFinding]:
    """What the rules find that compare two states of the workspace."""
    for rule in rules.RULES:
        if rule.CODE in active:
            for finding in rule.check(comparison, context):
                assert finding.file is not None
                yield LocatedFinding(rule, finding.file, finding)


def _unknown_rule_findings(workspace: Workspace, active: dict[str, Severity]) -> Iterator[LocatedFinding]:
    """Names under `rules:` that no rule has."""
    file, rule = workspace.settings, rules.BY_NAME.get("OKR002")
    if file is None or rule is None or rule.CODE not in active:
        return
    unknown = (word for word in workspace.config.rules if word not in rules.BY_NAME)
    for number, word in enumerate(unknown):
        meant = (
            suggestions.find_closest(word, [one.NAME for one in rules.RULES])
            if number < MAX_PER_RULE_AND_FILE
            else None
        )
        message = f"there is no rule '{word}'{suggestions.did_you_mean(meant)}"
        yield LocatedFinding(rule, file, Finding(("rules", word), message, "`okrctl explain rules` lists them", True))


def _is_reported(one: LocatedFinding, context: Context) -> bool:
    """Sealed periods are past: only their shape, links and changes matter."""
    period = one.file.period
    return period is None or period.id not in context.sealed or one.rule.CODE.startswith(CODES_IN_SEALED_PERIODS)


def _unsuppressed(placed: list[LocatedFinding]) -> tuple[list[LocatedFinding], dict[int, set[tuple[int, str]]]]:
    """The findings that no comment suppresses, and for each file the (line, word) of suppressions that were needed."""
    kept: list[LocatedFinding] = []
    used: dict[int, set[tuple[int, str]]] = {}
    known = {
        id(file): index_by_rule(file.document.ignore_comments)
        for file in {id(one.file): one.file for one in placed}.values()
    }
    for one in placed:
        named = known[id(one.file)]
        words = [(word, named[word]) for word in (one.rule.CODE, one.rule.NAME) if word in named]
        lines = _line_range(one.file.document, one.finding) if words else (0, 0)
        needed = {(line, word) for word, ignores in words for line in ignores.lines_covering(*lines)}
        if needed:
            used.setdefault(id(one.file), set()).update(needed)
        else:
            kept.append(one)
    return kept, used


def _line_range(document: Document, finding: Finding) -> tuple[int, int]:
    """The first and the last line of what a finding speaks of, as comments see it.

    What is found in a CSV file is suppressed where the document names that file.
    """
    if finding.path is not None:
        finding = replace(finding, span=None, path=None)
    return _first_line(document, finding), (finding.span or document.span_at(finding.route)).end_line


def _suppression_place(file: File, finding: Finding, line: int) -> Location:
    first, last = _line_range(file.document, finding)
    return Location(file.path, line if first <= line <= last and finding.path is None else first, first)


def _first_line(document: Document, finding: Finding) -> int:
    """The line where the key, else the value, begins that a finding speaks of."""
    if finding.span is not None:
        return finding.span.line
    return min(document.span_at(finding.route).line, document.key_span(finding.route).line)


def _limit_findings(placed: list[LocatedFinding]) -> Iterator[LocatedFinding]:
    """Of each rule in each file the first so many; the last of them says how many more there are."""
    places = [(one.rule.CODE, one.finding.path or one.file.path) for one in placed]
    number: Counter[tuple[str, str]] = Counter()
    total = Counter(places)
    for one, place in zip(placed, places, strict=True):
        number[place] += 1
        if number[place] < MAX_PER_RULE_AND_FILE or total[place] == MAX_PER_RULE_AND_FILE:
            yield one
        elif number[place] == MAX_PER_RULE_AND_FILE:
            message = f"{one.finding.message}; {total[place] - MAX_PER_RULE_AND_FILE:,} more like this are not listed"
            yield one._replace(finding=replace(one.finding, message=message))


def _suppression_findings(
    file: File, used: set[tuple[int, str]], active: dict[str, Severity]
) -> Iterator[LocatedFinding]:
    """Suppressions that suppress nothing, or name no rule."""
    guessed = 0
    for ignore in file.document.ignore_comments:
        if not ignore.names and UNKNOWN_IGNORE in active:
            help = "write `ignore[rule-name]`"
            yield LocatedFinding(
                unknown_ignore, file, Finding((), "this suppression names no rule", help, span=ignore.span)
            )
        for number, (word, span) in enumerate(ignore.names):
            rule = rules.BY_NAME.get(word)
            if rule is None and UNKNOWN_IGNORE in active:
                guessed += 1
                yield LocatedFinding(
                    unknown_ignore, file, _unknown_ignore_finding(word, span, guess=guessed <= MAX_PER_RULE_AND_FILE)
                )
            elif (
                rule
                and rule.CODE in active
                and UNUSED_IGNORE in active
                and (ignore.line, word) not in used
                and _is_fully_read(file)
            ):
                fix = unused_ignore.build_removal_fix(file.document, ignore, number)
                message = f"nothing here for '{word}' to suppress"
                yield LocatedFinding(unused_ignore, file, Finding((), message, "remove it", span=span, fix=fix))


def _unknown_ignore_finding(word: str, span: Span, *, guess: bool) -> Finding:
    meant = suggestions.find_closest(word, list(rules.BY_NAME)) if guess else None
    fix = (Replacement(span, meant),) if meant else ()
    return Finding((), f"there is no rule '{word}'{suggestions.did_you_mean(meant)}", span=span, fix=fix)


def _is_fully_read(file: File) -> bool:
    """Whether the rules have seen all of a file."""
    return not file.omitted and not file.file_problems


def _build_diagnostic(one: LocatedFinding, severity: Severity) -> Diagnostic:
    """A finding with its place in characters: the one way from routes to spans."""
    finding, document = one.finding, one.file.document
    related = [
        Related((file or one.file).path, (file or one.file).document.span_at(route), message)
        for file, route, message in finding.related
    ]
    related += [Related(one.file.path, span, message) for span, message in finding.related_spans]
    span = _finding_span(document, finding)
    ref = getattr(one.subject, "ref", None) if finding.ref is None else finding.ref
    fix = finding.fix or (() if finding.suggested_text is None else (Replacement(span, finding.suggested_text),))
    return Diagnostic(
        finding.path or one.file.path, span, one.rule.CODE, one.rule.NAME, severity,
        finding.message, finding.help, ref, tuple(related), fix,
        _suppression_place(one.file, finding, span.line),
    )  # fmt: skip


def _finding_span(document: Document, finding: Finding) -> Span:
    if finding.span is not None:
        return finding.span
    if finding.on_key:
        return document.key_span(finding.route)
    if finding.text_range is not None:
        return _text_range_span(document, finding)
    return document.span_at(finding.route) if finding.route else START


def _text_range_span(document: Document, finding: Finding) -> Span:
    """The place of some characters of a scalar; the whole scalar where it is not written as it reads."""
    scalar = document.scalar(finding.route)
    assert finding.text_range is not None
    if scalar is None or scalar.span.line != scalar.span.end_line:
        return document.span_at(finding.route)
    shift = 1 if scalar.style in ("single", "double") else 0
    start, end = finding.text_range
    if scalar.text[shift + start : shift + end] != scalar.value[start:end]:
        return scalar.span
    column = scalar.span.column + shift
    return Span(scalar.span.line, column + start, scalar.span.line, column + end)
