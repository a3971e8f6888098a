"""Findings as SARIF 2.1.0, which GitHub code scanning and many viewers read, within the limits of GitHub."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from okrctl import __version__
from okrctl.check import rules
from okrctl.check.report import CheckReport
from okrctl.check.rule_page import RulePage, parse_page
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.addresses import SITE, rule_url
from okrctl.values.diagnostic import SEVERITIES, Diagnostic, Severity, Span
from okrctl.values.json_text import dump

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000  # in one run: GitHub refuses a file with more
MAX_CONTEXT = 2_000  # characters of the lines around a finding
GROUPS = ("file", "links", "objectives", "key-results", "kpis", "dates", "changes", "close")  # by the digit of a code
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note", "ignore": "none"}


def render(result: CheckReport, style: TerminalStyle) -> str:
    """One run with the rules that found something; paths are relative, columns count characters."""
    kept, cut = _within_limit(result)
    used = sorted({diagnostic.code for diagnostic, _ in kept})
    places = {code: number for number, code in enumerate(used)}
    driver = {
        "name": "okrctl",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": SITE,
        "rules": [_rule(code) for code in used],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, name, places[diagnostic.code], result) for diagnostic, name in kept],
    }
    if cut:
        notification = {"level": "warning", "message": {"text": cut}}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [notification]}]
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def describe_cut(result: CheckReport) -> str:
    """What is left out of a report with more findings than GitHub takes; empty where nothing is."""
    more = len(result.diagnostics) - MAX_RESULTS
    if more <= 0:
        return ""
    return f"{len(result.diagnostics)} findings: the {more} least severe are left out, since GitHub takes {MAX_RESULTS}"


def _within_limit(result: CheckReport) -> tuple[list[tuple[Diagnostic, str]], str]:
    """The findings with their fingerprints, as many as GitHub takes, the most severe first where some are cut."""
    pairs = list(zip(result.diagnostics, result.fingerprints(), strict=True))
    cut = describe_cut(result)
    if cut:
        pairs = sorted(pairs, key=lambda pair: SEVERITIES.index(pair[0].severity))[:MAX_RESULTS]
    return pairs, cut


def _rule(code: str) -> dict[str, Any]:
    rule = rules.BY_NAME[code]
    page = parse_page(rule)
    return {
        "id": page.code,
        "name": page.name,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": "\n\n".join((page.summary, *page.paragraphs))},
        "helpUri": rule_url(page.code),
        "help": {"text": _help(page, "", ""), "markdown": _help(page, "```yaml\n", "```\n")},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "enabled": rule.severity != "ignore"},
        "properties": {"tags": ["okr", GROUPS[int(page.code[3])]]},
    }


def _help(page: RulePage, before: str, after: str) -> str:
    examples = [f"{label}:\n\n{before}{text}{after}" for label, text in page.examples]
    return "\n\n".join((page.summary, *page.paragraphs, *examples))


def _result(diagnostic: Diagnostic, fingerprint: str, number: int, report: CheckReport) -> dict[str, Any]:
    text = f"{_without_links(diagnostic.message)}\n{_without_links(diagnostic.help)}".strip()
    data: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": number,
        "level": LEVELS[diagnostic.severity],
        "message": {"text": text},
        "locations": [_location(diagnostic.path, diagnostic.span, report)],
        # GitHub knows a finding again by the first of these, and would else make it from the text of the line.
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "okrctl/v1": fingerprint},
    }
    if diagnostic.related:
        data["relatedLocations"] = [
            {
                "id": place,
                **_location(other.path, other.span, report),
                "message": {"text": _without_links(other.message)},
            }
            for place, other in enumerate(diagnostic.related, 1)
        ]
    if diagnostic.fix:
        data["fixes"] = [_fix(diagnostic)]
    return data


def _without_links(text: str) -> str:
    """Text without links: viewers take `[a](1)` for a link to the related location 1 even in plain text."""
    return sanitize(text).replace("](", "] (")


def _location(path: str, span: Span, report: CheckReport) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(path), "region": _region(span)}
    context = _context(path, span, report)
    return {"physicalLocation": place | ({"contextRegion": context} if context else {})}


def _context(path: str, span: Span, report: CheckReport) -> dict[str, Any] | None:
    """The lines of a finding with one before and one after; None where there are none, or they are too long."""
    numbers = [number for number in range(span.line - 1, span.end_line + 2) if report.line(path, number) is not None]
    text = "\n".join(report.line(path, number) or "" for number in numbers)
    if not numbers or numbers == list(range(span.line, span.end_line + 1)) or len(text) > MAX_CONTEXT:
        return None
    return {"startLine": numbers[0], "endLine": numbers[-1], "snippet": {"text": text}}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path, errors="replace"), "uriBaseId": "%SRCROOT%"}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(diagnostic: Diagnostic) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(part.span), "insertedContent": {"text": part.text}} for part in diagnostic.fix
    ]
    change = {"artifactLocation": _artifact(diagnostic.path), "replacements": replacements}
    return {"description": {"text": _without_links(diagnostic.help or diagnostic.message)}, "artifactChanges": [change]}
