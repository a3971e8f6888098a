"""Findings as SARIF 2.1.0, which GitHub code scanning and many viewers read."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from okrctl import __version__
from okrctl.check import rules
from okrctl.check.report import CheckReport
from okrctl.check.rule_page import RulePage, parse_page
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic, Severity, Span
from okrctl.values.json_text import dump

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/okrctl/okrctl"
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note", "ignore": "none"}


def render(result: CheckReport, style: TerminalStyle) -> str:
    """One run with the rules that found something; paths are relative, columns count characters."""
    used = sorted({diagnostic.code for diagnostic in result.diagnostics})
    places = {code: number for number, code in enumerate(used)}
    driver = {
        "name": "okrctl",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(code) for code in used],
    }
    pairs = zip(result.diagnostics, result.fingerprints(), strict=True)
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, name, places[diagnostic.code]) for diagnostic, name in pairs],
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, Any]:
    rule = rules.BY_NAME[code]
    page = parse_page(rule)
    return {
        "id": page.code,
        "name": page.name,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": "\n\n".join((page.summary, *page.paragraphs))},
        "help": {"text": _help(page, "", ""), "markdown": _help(page, "```yaml\n", "```\n")},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "enabled": rule.severity != "ignore"},
    }


def _help(page: RulePage, before: str, after: str) -> str:
    examples = [f"{label}:\n\n{before}{text}{after}" for label, text in page.examples]
    return "\n\n".join((page.summary, *page.paragraphs, *examples))


def _result(diagnostic: Diagnostic, fingerprint: str, number: int) -> dict[str, Any]:
    text = f"{_without_links(diagnostic.message)}\n{_without_links(diagnostic.help)}".strip()
    data: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": number,
        "level": LEVELS[diagnostic.severity],
        "message": {"text": text},
        "locations": [_location(diagnostic.path, diagnostic.span)],
        "partialFingerprints": {"okrctl/v1": fingerprint},
    }
    if diagnostic.related:
        data["relatedLocations"] = [
            {
                "id": place,
                **_location(other.path, other.span),
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


def _location(path: str, span: Span) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": _region(span)}}


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
