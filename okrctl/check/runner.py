"""Runs the rules over a workspace and turns their findings into diagnostics with places.

The order of work: rules that need only one file, then rules that need the whole workspace, then rules that compare
with a base. A rule gives findings at routes (`Finding`). Comments that suppress a finding are applied next, which
also tells which comments were needed, so the two rules about suppressions run last. What is left is given a place in
characters (`Diagnostic`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from okrctl.check.finding import Context, Finding
from okrctl.check.report import CheckReport, LazyTexts
from okrctl.check.rule import Check, Rule, Scope, SubjectKind, SuppressedFile
from okrctl.check.rules import BY_NAME, RETIRED, RULES
from okrctl.history.diff import Comparison
from okrctl.values import suggestions
from okrctl.values.diagnostic import (
    SEVERITIES,
    START,
    Diagnostic,
    Location,
    Related,
    Replacement,
    Route,
    Severity,
    Span,
)
from okrctl.workspace import File, KeyResult, Kpi, Objective, Workspace
from okrctl.workspace.reader import BROKEN_CODES
from okrctl.yaml import Document
from okrctl.yaml.comments import index_by_rule

CODES_IN_SEALED_PERIODS = ("OKR0", "OKR1", "OKR6")
MAX_PER_RULE_AND_FILE = 1000  # findings of one rule in one file; nobody reads more


class LocatedFinding(NamedTuple):
    """A finding with its rule and file, and the node that the rule looked at, if it looked at a single one."""

    rule: Rule
    file: File
    finding: Finding
    subject: object = None


def build_report(
    workspace: Workspace, context: Context, comparison: Comparison | None = None, *, is_unlimited: bool = False,
    paths: Container[str] | None = None,
) -> CheckReport:  # fmt: skip
    """Check a whole workspace; a `comparison` adds the findings about changes.

    With `paths`, only the diagnostics of these files are listed. At most `MAX_PER_RULE_AND_FILE` findings of one rule
    in one file are listed, unless `is_unlimited`.
    """
    files = _all_files(workspace)
    documents = {file.path: file.document for file in files}
    nodes: Iterator[KeyResult | Kpi] = chain(workspace.key_results, workspace.kpi_nodes)
    csv_files = [node.csv for node in nodes if node.csv is not None]
    csv_texts = {csv.path: csv.text for csv in csv_files if csv.text}
    texts = LazyTexts(
        [*documents, *csv_texts], lambda path: csv_texts[path] if path in csv_texts else documents[path].text
    )
    found = run_rules(workspace, context, comparison, is_unlimited=is_unlimited, paths=paths)
    diagnostics = tuple(each for each in found if paths is None or each.path in paths)
    related_paths = tuple(sorted({csv.path for csv in csv_files}))
    return CheckReport(diagnostics, len(files), texts, context.config.fail_on, related_paths=related_paths)


def new_since(now: CheckReport, before: CheckReport) -> tuple[CheckReport, int]:
    """The findings that are not in the report of the base, and the number of those that are.

    Findings are compared by fingerprint, which does not depend on lines. If the base has more findings of a rule in a
    file than are listed, further ones of that rule and file do not count as new.
    """
    known = set(before.fingerprints())
    counts = Counter((diagnostic.code, diagnostic.path) for diagnostic in before.diagnostics)
    new = tuple(
        diagnostic
        for diagnostic, fingerprint in zip(now.diagnostics, now.fingerprints(), strict=True)
        if fingerprint not in known and counts[diagnostic.code, diagnostic.path] < MAX_PER_RULE_AND_FILE
    )
    return replace(now, diagnostics=new), len(now.diagnostics) - len(new)


def find_errors(workspace: Workspace, context: Context, paths: Container[str]) -> list[Diagnostic]:
    """The errors in some files. Other rules are not run, since those about titles take most of the time."""
    found = run_rules(workspace, context, paths=paths, least="error")
    return [each for each in found if each.severity == "error" and each.path in paths]


def run_rules(
    workspace: Workspace, context: Context, comparison: Comparison | None = None, *, is_unlimited: bool = False,
    paths: Container[str] | None = None, least: Severity = "info",
) -> list[Diagnostic]:  # fmt: skip
    """The diagnostics of a workspace, sorted for display, without suppressed ones.

    With `paths`, only the diagnostics of these files are complete. Rules below the severity `least` are not run.
    """
    active = _active_severities(context, least=least)
    active_on_changes = _active_severities(context, "changes")
    workspace.renamed = comparison.renamed if comparison is not None else {}
    files = [file for file in _all_files(workspace) if not file.is_clean and (paths is None or file.path in paths)]
    findings = list(chain.from_iterable(_file_findings(file, context, active) for file in files))
    findings += _workspace_findings(workspace, context, active)
    findings += _unknown_rule_findings(workspace, active)
    findings += _change_findings(comparison, context, active_on_changes)
    unsuppressed, used = _apply_suppressions(findings)
    for file in files:  # a suppression of a rule about changes is needed only with a base, so it is never unused
        unsuppressed += _suppression_findings(file, context, used.get(id(file), set()), active)
    reported = [found for found in unsuppressed if _is_reported(found, context)]
    limited = reported if is_unlimited else _limit_findings(reported)
    severities = active | active_on_changes
    diagnostics = [_build_diagnostic(found, severities[found.rule.code]) for found in limited]
    return sorted(diagnostics, key=lambda diagnostic: diagnostic.sort_key)


def locate_findings(findings: Iterable[tuple[str, Finding]], context: Context) -> list[Diagnostic]:
    """The diagnostics of findings that were made elsewhere, each with the code of its rule about changes."""
    active = _active_severities(context, "changes")
    by_code = {rule.code: rule for rule in RULES}
    located = []
    for code, finding in findings:
        if code in active:
            assert finding.file is not None
            located.append(LocatedFinding(by_code[code], finding.file, finding))
    unsuppressed, _ = _apply_suppressions(located)
    return [_build_diagnostic(found, active[found.rule.code]) for found in _limit_findings(unsuppressed)]


def _all_files(workspace: Workspace) -> list[File]:
    """The settings, if they are a file, and the files of the workspace."""
    return [file for file in (workspace.settings, *workspace.files) if file is not None]


def build_validity_predicate(context: Context) -> Callable[[File], bool]:
    """A function that tells whether the rules that need no other file find nothing in a file."""
    active = _active_severities(context)
    return lambda file: not any(_file_findings(file, context, active))


def find_broken(workspace: Workspace) -> list[Diagnostic]:
    """The diagnostics of files that cannot be read or do not match the schema: what keeps commands from running."""
    context = Context(workspace.config, date.min)  # none of these rules asks for the day
    active = {code: level for code, level in _active_severities(context).items() if code in BROKEN_CODES}
    broken = {id(file) for file, _ in workspace.broken_files}
    files = [file for file in _all_files(workspace) if id(file) in broken]
    findings = [found for file in files for found in _file_findings(file, context, active)]
    diagnostics = [_build_diagnostic(found, active[found.rule.code]) for found in _limit_findings(findings)]
    return sorted(diagnostics, key=lambda diagnostic: diagnostic.sort_key)


def _active_severities(context: Context, scope: Scope = "files", least: Severity = "info") -> dict[str, Severity]:
    """The severities by code of the rules of this scope that are not off, and have at least a severity."""
    severities = {rule.code: rule.severity_in(context.config) for rule in RULES if rule.scope == scope}
    wanted = SEVERITIES[: SEVERITIES.index(least) + 1]
    return {code: severity for code, severity in severities.items() if severity in wanted}


def _file_findings(file: File, context: Context, active: dict[str, Severity]) -> Iterator[LocatedFinding]:
    """The findings of the rules that need no other file."""
    subjects = _subjects_by_kind(file)
    for rule, kind, check in _local_checks(frozenset(active)):
        for subject in subjects[kind]:
            for finding in check(subject, context):
                yield LocatedFinding(rule, finding.file or file, finding, subject)


@lru_cache(maxsize=4)
def _local_checks(codes: frozenset[str]) -> list[tuple[Rule, SubjectKind, Check[Any]]]:
    """The check functions to call for each file; listed once, because a workspace may have very many files."""
    return [(rule, kind, check) for rule in RULES if rule.code in codes for kind, check in rule.local_checks.items()]


def _subjects_by_kind(file: File) -> dict[SubjectKind, list[Any]]:
    """The subjects of a file; nodes that are only partially parsed are left out."""
    subjects: dict[SubjectKind, list[Any]] = {"file": [file], "objective": [], "key_result": [], "kpi": []}
    is_complete = not file.omitted
    for node in file.nodes:
        if is_complete or not _is_partially_parsed(file, node.route):
            subjects["objective" if isinstance(node, Objective) else "kpi"].append(node)
        if isinstance(node, Objective):
            subjects["key_result"] += [
                key_result for key_result in node.key_results
                if key_result.is_measured and (is_complete or not file.is_broken_at(key_result.route))
            ]  # fmt: skip
    return subjects


def _is_partially_parsed(file: File, route: Route) -> bool:
    return any(omitted[:1] != ("key_results",) for omitted in file.omitted_below(route))


def _workspace_findings(
    workspace: Workspace, context: Context, active: dict[str, Severity]
) -> Iterator[LocatedFinding]:
    """The findings of the rules that need the whole workspace."""
    for rule in RULES:
        if rule.check_workspace is not None and rule.code in active:
            for finding in rule.check_workspace(workspace, context):
                assert finding.file is not None
                yield LocatedFinding(rule, finding.file, finding)


def _change_findings(
    comparison: Comparison | None, context: Context, active: dict[str, Severity]
) -> Iterator[LocatedFinding]:
    """The findings of the rules that compare two states of the workspace; none without a comparison."""
    for rule in RULES:
        if comparison is not None and rule.check_changes is not None and rule.code in active:
            for finding in rule.check_changes(comparison, context):
                assert finding.file is not None
                yield LocatedFinding(rule, finding.file, finding)


def _unknown_rule_findings(workspace: Workspace, active: dict[str, Severity]) -> Iterator[LocatedFinding]:
    """Unknown names under `rules:` of the settings, reported as unknown keys."""
    file, rule = workspace.settings, BY_NAME["unknown-key"]
    if file is None or rule.code not in active:
        return
    unknown = (word for word in file.model.rules if word not in BY_NAME)
    names = [rule.name for rule in RULES]
    for number, word in enumerate(unknown):
        meant = RETIRED.get(word)
        if meant is None and number < MAX_PER_RULE_AND_FILE:
            meant = suggestions.find_closest(word, names)
        message = f"there is no rule '{word}'{suggestions.did_you_mean(meant)}"
        yield LocatedFinding(rule, file, Finding(("rules", word), message, "`okrctl explain rules` lists them", True))


def _is_reported(found: LocatedFinding, context: Context) -> bool:
    """Whether a finding is in a period that is not sealed, or concerns the shape, links or changes of a file.

    A sealed period is not held against the teams and people of today.
    """
    period = found.file.period
    if period is None or period.id not in context.sealed:
        return True
    is_of_today = found.rule.name == "unknown-owner" or (
        found.rule.name == "unknown-reference" and found.finding.route == ("team",)
    )
    return found.rule.code.startswith(CODES_IN_SEALED_PERIODS) and not is_of_today


def _apply_suppressions(
    findings: list[LocatedFinding],
) -> tuple[list[LocatedFinding], dict[int, set[tuple[int, str]]]]:
    """The findings that no comment suppresses, and by file the (line, rule) of the suppressions that were needed."""
    unsuppressed: list[LocatedFinding] = []
    used: dict[int, set[tuple[int, str]]] = {}
    files = {id(found.file): found.file for found in findings}
    comments_by_file = {key: index_by_rule(file.document.ignore_comments) for key, file in files.items()}
    for found in findings:
        comments = comments_by_file[id(found.file)]
        named = [(word, comments[word]) for word in (found.rule.code, found.rule.name) if word in comments]
        first, last = _line_range(found.file.document, found.finding) if named else (0, 0)
        needed = {(line, word) for word, index in named for line in index.lines_covering(first, last)}
        if needed:
            used.setdefault(id(found.file), set()).update(needed)
        else:
            unsuppressed.append(found)
    return unsuppressed, used


def _suppression_findings(
    file: File, context: Context, used: set[tuple[int, str]], active: dict[str, Severity]
) -> Iterator[LocatedFinding]:
    """The findings of the rules that look at suppressions."""
    if not file.document.ignore_comments:
        return
    subject = SuppressedFile(file, used, BY_NAME, active, RETIRED)
    for rule in RULES:
        if rule.check_suppressions is not None and rule.code in active:
            for finding in rule.check_suppressions(subject, context):
                yield LocatedFinding(rule, file, finding)


def _line_range(document: Document, finding: Finding) -> tuple[int, int]:
    """The first and the last line of a finding, for comments that suppress it.

    A finding in a CSV file is suppressed where the document names that file.
    """
    if finding.path is not None:
        finding = replace(finding, span=None, path=None)
    return _first_line(document, finding), (finding.span or document.span_at(finding.route)).end_line


def _suppression_place(file: File, finding: Finding, line: int) -> Location:
    first, last = _line_range(file.document, finding)
    return Location(file.path, line if first <= line <= last and finding.path is None else first, first)


def _first_line(document: Document, finding: Finding) -> int:
    """The line where the key of a finding begins, or its value if it has no key."""
    if finding.span is not None:
        return finding.span.line
    return min(document.span_at(finding.route).line, document.key_span(finding.route).line)


def _limit_findings(findings: list[LocatedFinding]) -> Iterator[LocatedFinding]:
    """At most `MAX_PER_RULE_AND_FILE` findings of each rule in each file; the last one states how many are left out."""
    keys = [(found.rule.code, found.finding.path or found.file.path) for found in findings]
    totals = Counter(keys)
    counts: Counter[tuple[str, str]] = Counter()
    for found, key in zip(findings, keys, strict=True):
        counts[key] += 1
        if counts[key] < MAX_PER_RULE_AND_FILE or totals[key] == MAX_PER_RULE_AND_FILE:
            yield found
        elif counts[key] == MAX_PER_RULE_AND_FILE:
            message = f"{found.finding.message}; {totals[key] - MAX_PER_RULE_AND_FILE:,} more like this are not listed"
            yield found._replace(finding=replace(found.finding, message=message))


def _build_diagnostic(found: LocatedFinding, severity: Severity) -> Diagnostic:
    """A finding with its place in characters: the only step from routes to spans."""
    finding, document = found.finding, found.file.document
    severity = max(severity, finding.severity or severity, key=SEVERITIES.index)
    related = [
        Related((file or found.file).path, (file or found.file).document.span_at(route), message)
        for file, route, message in finding.related
    ]
    related += [Related(found.file.path, span, message) for span, message in finding.related_spans]
    span = _finding_span(document, finding)
    ref = getattr(found.subject, "ref", None) if finding.ref is None else finding.ref
    fix = finding.fix or _suggested_fix(document, finding, span)
    return Diagnostic(
        finding.path or found.file.path, span, found.rule.code, found.rule.name, severity,
        finding.message, finding.help, ref, tuple(related), fix,
        _suppression_place(found.file, finding, span.line),
    )  # fmt: skip


def _suggested_fix(document: Document, finding: Finding, span: Span) -> tuple[Replacement, ...]:
    """The replacement that a finding suggests; none where the characters that it means have no place of their own."""
    if finding.suggested_text is None:
        return ()
    is_part = finding.text_range is not None and finding.span is None and not finding.on_key
    if is_part and _characters_span(document, finding) is None:
        return ()
    return (Replacement(span, finding.suggested_text),)


def _finding_span(document: Document, finding: Finding) -> Span:
    if finding.span is not None:
        return finding.span
    if finding.on_key:
        return document.key_span(finding.route)
    if finding.text_range is not None:
        return _characters_span(document, finding) or document.span_at(finding.route)
    return document.span_at(finding.route) if finding.route else START


def _characters_span(document: Document, finding: Finding) -> Span | None:
    """The span of some characters of a scalar; None where its text differs from its value, as in escapes and folds."""
    scalar = document.scalar(finding.route)
    assert finding.text_range is not None
    if scalar is None or scalar.span.line != scalar.span.end_line:
        return None
    shift = 1 if scalar.style in ("single", "double") else 0
    start, end = finding.text_range
    if scalar.text[shift + start : shift + end] != scalar.value[start:end]:
        return None
    column = scalar.span.column + shift
    return Span(scalar.span.line, column + start, scalar.span.line, column + end)
