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
from okrctl.check.report import Report, Texts
from okrctl.check.rules import unknown_ignore, unused_ignore
from okrctl.history.diff import Comparison
from okrctl.values import suggestions
from okrctl.values.diagnostic import START, Diagnostic, Home, Related, Replacement, Route, Severity, Span
from okrctl.workspace import File, Objective, Workspace
from okrctl.yaml import Document
from okrctl.yaml.comments import by_word

UNUSED, UNKNOWN = unused_ignore.CODE, unknown_ignore.CODE
HERE = ("file", "objective", "key_result", "kpi", "workspace")
ALWAYS = ("OKR0", "OKR1", "OKR6")
MOST_ALIKE = 1000  # findings of one rule in one file; nobody reads more


class Placed(NamedTuple):
    """A finding with its rule, in its file, and what the rule looked at where that was one thing."""

    rule: ModuleType
    file: File
    finding: Finding
    subject: object = None


def report(
    workspace: Workspace, context: Context, comparison: Comparison | None = None, *, every: bool = False
) -> Report:
    """The findings of a whole workspace, with `comparison` those on how it changed too.

    Of one rule in one file so many as anybody reads, or `every` one.
    """
    files = [file for file in (workspace.settings, *workspace.files) if file is not None]
    documents = {file.path: file.document for file in files}
    kept = [*(one.csv for one in workspace.key_results), *(one.csv for one in workspace.kpi_nodes)]
    csvs = {csv.path: csv.text for csv in kept if csv is not None and csv.text}
    texts = Texts([*documents, *csvs], lambda path: csvs[path] if path in csvs else documents[path].text)
    beside = tuple(sorted({csv.path for csv in kept if csv is not None}))
    found = tuple(check(workspace, context, comparison, every=every))
    return Report(found, len(files), texts, context.config.fail_on, beside=beside)


def beyond(now: Report, before: Report) -> tuple[Report, int]:
    """The findings that were not there before, told by their names and not by their lines; and how many were.

    Where not all were listed before, one more is nothing new.
    """
    known, alike = set(before.fingerprints()), Counter((one.code, one.path) for one in before.diagnostics)
    named = zip(now.diagnostics, now.fingerprints(), strict=True)
    new = [one for one, name in named if name not in known and alike[one.code, one.path] < MOST_ALIKE]
    return replace(now, diagnostics=tuple(new)), len(now.diagnostics) - len(new)


def check(
    workspace: Workspace, context: Context, comparison: Comparison | None = None, *, every: bool = False,
    only: Container[str] | None = None,
) -> list[Diagnostic]:  # fmt: skip
    """The diagnostics of a workspace, in the order in which they are shown, suppressed ones left out.

    Where `only` names some of its files, what is found in others is not whole.
    """
    active = _active(context)
    files = [file for file in (workspace.settings, *workspace.files) if file is not None and not file.sound]
    files = [file for file in files if only is None or file.path in only]
    placed = [one for file in files for one in _of_file(file, context, active)]
    placed += _across(workspace, context, active)
    placed += _settings(workspace, active)
    changed = _active(context, ("change",)) if comparison else {}
    placed += _of_changes(comparison, context, changed) if comparison else ()
    kept, used = _unsuppressed(placed)
    kept += [one for file in files for one in _of_ignores(file, used.get(id(file), set()), active)]
    severities = active | changed
    wanted = [one for one in kept if _wanted(one, context)]
    diagnostics = [_diagnostic(one, severities[one.rule.CODE]) for one in (wanted if every else _bounded(wanted))]
    return sorted(diagnostics, key=lambda one: one.order)


def soundness(context: Context) -> Callable[[File], bool]:
    """Says of a file whether the rules that need no other file find nothing in it."""
    active = _active(context)
    return lambda file: not any(_of_file(file, context, active))


def _active(context: Context, subjects: tuple[str, ...] = HERE) -> dict[str, Severity]:
    """The severities of the rules on these subjects that run."""
    here = [rule for rule in rules.RULES if rule.LOOKS_AT in subjects]
    severities = {rule.CODE: rules.severity_of(rule, context.config) for rule in here}
    return {code: severity for code, severity in severities.items() if severity != "ignore"}


def _of_file(file: File, context: Context, active: dict[str, Severity]) -> Iterator[Placed]:
    """What the rules find that need no other file."""
    subjects = _subjects(file)
    for rule, looks_at, check in _local(frozenset(active)):
        for subject in subjects[looks_at]:
            for finding in check(subject, context):
                yield Placed(rule, finding.file or file, finding, subject)


@lru_cache(maxsize=4)
def _local(codes: frozenset[str]) -> list[tuple[ModuleType, str, Callable[[Any, Context], Iterator[Finding]]]]:
    return [(one, one.LOOKS_AT, one.check) for one in rules.RULES if one.CODE in codes and hasattr(one, "check")]


def _subjects(file: File) -> dict[str, list[Any]]:
    """What rules look at in a file; things that could not be read whole are left alone until they can."""
    subjects: dict[str, list[Any]] = {"file": [file], "objective": [], "key_result": [], "kpi": []}
    whole = not file.left_out
    for node in file.nodes:
        if whole or not _faulty(file, node.route):
            subjects["objective" if isinstance(node, Objective) else "kpi"].append(node)
        if isinstance(node, Objective):
            measured = (kr for kr in node.key_results if kr.measure and (whole or not file.broken_at(kr.route)))
            subjects["key_result"].extend(measured)
    return subjects


def _faulty(file: File, route: Route) -> bool:
    return any(left[:1] != ("key_results",) for left in file.left_below(route))


def _across(workspace: Workspace, context: Context, active: dict[str, Severity]) -> Iterator[Placed]:
    """What the rules find that look at the whole workspace."""
    for rule in rules.RULES:
        if rule.CODE in active and hasattr(rule, "across"):
            for finding in rule.across(workspace, context):
                assert finding.file is not None
                yield Placed(rule, finding.file, finding)


def _of_changes(comparison: Comparison, context: Context, active: dict[str, Severity]) -> Iterator[Placed]:
    """What the rules find that compare two states of the workspace."""
    for rule in rules.RULES:
        if rule.CODE in active:
            for finding in rule.check(comparison, context):
                assert finding.file is not None
                yield Placed(rule, finding.file, finding)


def _settings(workspace: Workspace, active: dict[str, Severity]) -> Iterator[Placed]:
    """Names under `rules:` that no rule has."""
    file, rule = workspace.settings, rules.BY_NAME.get("OKR002")
    if file is None or rule is None or rule.CODE not in active:
        return
    unknown = (word for word in workspace.config.rules if word not in rules.BY_NAME)
    for number, word in enumerate(unknown):
        meant = suggestions.closest(word, [one.NAME for one in rules.RULES]) if number < MOST_ALIKE else None
        message = f"there is no rule '{word}'{suggestions.meant(meant)}"
        yield Placed(rule, file, Finding(("rules", word), message, "`okrctl explain rules` lists them", True))


def _wanted(one: Placed, context: Context) -> bool:
    """Sealed periods are past: only their shape, links and changes matter."""
    period = one.file.period
    return period is None or period.id not in context.sealed or one.rule.CODE.startswith(ALWAYS)


def _unsuppressed(placed: list[Placed]) -> tuple[list[Placed], dict[int, set[tuple[int, str]]]]:
    """The findings that no comment suppresses, and for each file the (line, word) of suppressions that were needed."""
    kept: list[Placed] = []
    used: dict[int, set[tuple[int, str]]] = {}
    known = {id(file): by_word(file.document.ignores) for file in {id(one.file): one.file for one in placed}.values()}
    for one in placed:
        named = known[id(one.file)]
        words = [(word, named[word]) for word in (one.rule.CODE, one.rule.NAME) if word in named]
        lines = _lines(one.file.document, one.finding) if words else (0, 0)
        needed = {(line, word) for word, ignores in words for line in ignores.covering(*lines)}
        if needed:
            used.setdefault(id(one.file), set()).update(needed)
        else:
            kept.append(one)
    return kept, used


def _lines(document: Document, finding: Finding) -> tuple[int, int]:
    """The first and the last line of what a finding speaks of, as comments see it.

    What is found in a CSV file is suppressed where the document names that file.
    """
    if finding.path is not None:
        finding = replace(finding, span=None, path=None)
    return _begins(document, finding), (finding.span or document.at(finding.route)).end_line


def _home(file: File, finding: Finding, line: int) -> Home:
    first, last = _lines(file.document, finding)
    return Home(file.path, line if first <= line <= last and finding.path is None else first, first)


def _begins(document: Document, finding: Finding) -> int:
    """The line where the key, else the value, begins that a finding speaks of."""
    if finding.span is not None:
        return finding.span.line
    return min(document.at(finding.route).line, document.key(finding.route).line)


def _bounded(placed: list[Placed]) -> Iterator[Placed]:
    """Of each rule in each file the first so many; the last of them says how many more there are."""
    places = [(one.rule.CODE, one.finding.path or one.file.path) for one in placed]
    number: Counter[tuple[str, str]] = Counter()
    total = Counter(places)
    for one, place in zip(placed, places, strict=True):
        number[place] += 1
        if number[place] < MOST_ALIKE or total[place] == MOST_ALIKE:
            yield one
        elif number[place] == MOST_ALIKE:
            message = f"{one.finding.message}; {total[place] - MOST_ALIKE:,} more like this are not listed"
            yield one._replace(finding=replace(one.finding, message=message))


def _of_ignores(file: File, used: set[tuple[int, str]], active: dict[str, Severity]) -> Iterator[Placed]:
    """Suppressions that suppress nothing, or name no rule."""
    guessed = 0
    for ignore in file.document.ignores:
        if not ignore.names and UNKNOWN in active:
            help = "write `ignore[rule-name]`"
            yield Placed(unknown_ignore, file, Finding((), "this suppression names no rule", help, span=ignore.span))
        for number, (word, span) in enumerate(ignore.names):
            rule = rules.BY_NAME.get(word)
            if rule is None and UNKNOWN in active:
                guessed += 1
                yield Placed(unknown_ignore, file, _unknown(word, span, guess=guessed <= MOST_ALIKE))
            elif rule and rule.CODE in active and UNUSED in active and (ignore.line, word) not in used and _whole(file):
                fix = unused_ignore.removal(file.document, ignore, number)
                message = f"nothing here for '{word}' to suppress"
                yield Placed(unused_ignore, file, Finding((), message, "remove it", span=span, fix=fix))


def _unknown(word: str, span: Span, *, guess: bool) -> Finding:
    meant = suggestions.closest(word, list(rules.BY_NAME)) if guess else None
    fix = (Replacement(span, meant),) if meant else ()
    return Finding((), f"there is no rule '{word}'{suggestions.meant(meant)}", span=span, fix=fix)


def _whole(file: File) -> bool:
    """Whether the rules have seen all of a file."""
    return not file.left_out and not file.faults


def _diagnostic(one: Placed, severity: Severity) -> Diagnostic:
    """A finding with its place in characters: the one way from routes to spans."""
    finding, document = one.finding, one.file.document
    related = [
        Related((file or one.file).path, (file or one.file).document.at(route), message)
        for file, route, message in finding.related
    ]
    related += [Related(one.file.path, span, message) for span, message in finding.spans]
    span = _span(document, finding)
    ref = getattr(one.subject, "ref", None) if finding.ref is None else finding.ref
    fix = finding.fix or (() if finding.meant is None else (Replacement(span, finding.meant),))
    return Diagnostic(
        finding.path or one.file.path, span, one.rule.CODE, one.rule.NAME, severity,
        finding.message, finding.help, ref, tuple(related), fix,
        _home(one.file, finding, span.line),
    )  # fmt: skip


def _span(document: Document, finding: Finding) -> Span:
    if finding.span is not None:
        return finding.span
    if finding.on_key:
        return document.key(finding.route)
    if finding.part is not None:
        return _part(document, finding)
    return document.at(finding.route) if finding.route else START


def _part(document: Document, finding: Finding) -> Span:
    """The place of some characters of a scalar; the whole scalar where it is not written as it reads."""
    scalar = document.scalar(finding.route)
    assert finding.part is not None
    if scalar is None or scalar.span.line != scalar.span.end_line:
        return document.at(finding.route)
    shift = 1 if scalar.style in ("single", "double") else 0
    start, end = finding.part
    if scalar.text[shift + start : shift + end] != scalar.value[start:end]:
        return scalar.span
    column = scalar.span.column + shift
    return Span(scalar.span.line, column + start, scalar.span.line, column + end)
