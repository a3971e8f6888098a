"""Findings as JUnit XML, which every CI server reads: a suite for each file, a case for each finding.

CI servers follow a case through time by its class and name. So the name is made of the rule and the goal, and holds no
line, which moves with every edit above it. The elements and attributes are those that the xUnit plugin of Jenkins
allows, the strictest reader; the place of a finding is in its text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import quoteattr

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic

_INVALID_XML = re.compile("[\ufffe\uffff]")  # the rest of what XML cannot hold is escaped by `sanitize`


def render(result: CheckReport, style: TerminalStyle) -> str:
    """What fails the check is a failed case; other findings are cases that passed with output."""
    groups: dict[str, list[Diagnostic]] = {path: [] for path in sorted(result.texts)}
    for diagnostic in result.diagnostics:
        groups.setdefault(diagnostic.path, []).append(diagnostic)
    failures = sum(map(result.is_failure, result.diagnostics))
    cases = sum(max(len(diagnostics), 1) for diagnostics in groups.values())
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<testsuites{_attributes(name='okrctl', tests=cases, failures=failures, errors=0)}>",
    ]
    for path, diagnostics in groups.items():
        lines += _suite(path, diagnostics, result)
    return "\n".join([*lines, "</testsuites>"])


def _suite(path: str, diagnostics: Sequence[Diagnostic], result: CheckReport) -> Iterator[str]:
    failures = sum(map(result.is_failure, diagnostics))
    tests = max(len(diagnostics), 1)
    yield f"  <testsuite{_attributes(name=path, file=path, tests=tests, failures=failures, errors=0, skipped=0)}>"
    for diagnostic, name in zip(diagnostics, _names(diagnostics), strict=True):
        yield from _case(diagnostic, name, result.is_failure(diagnostic))
    if not diagnostics:
        yield f"    <testcase{_attributes(name='okrctl check', classname=path)}/>"
    yield "  </testsuite>"


def _names(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """The name of each finding of a file; equal ones are numbered, since GitLab drops the second of two."""
    counts: Counter[str] = Counter()
    for diagnostic in diagnostics:
        name = " ".join(filter(None, (diagnostic.code, diagnostic.name, diagnostic.ref)))
        counts[name] += 1
        yield name if counts[name] == 1 else f"{name} ({counts[name]})"


def _case(diagnostic: Diagnostic, name: str, failed: bool) -> Iterator[str]:
    path, message, severity = diagnostic.path, diagnostic.message, diagnostic.severity
    place = f"{path}:{diagnostic.span.line}:{diagnostic.span.column}"
    text = f"{place}: {severity}: {message}" + (f"; help: {diagnostic.help}" if diagnostic.help else "")
    yield f"    <testcase{_attributes(name=name, classname=path)}>"
    if failed:
        yield f"      <failure{_attributes(message=message, type=severity)}>{_escape_text(text)}</failure>"
    else:
        yield f"      <system-out>{_escape_text(text)}</system-out>"
    yield "    </testcase>"


def _attributes(**named: object) -> str:
    return "".join(f" {name}={quoteattr(_clean(str(value)))}" for name, value in named.items())


def _escape_text(text: str) -> str:
    return _clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clean(text: str) -> str:
    return _INVALID_XML.sub("\ufffd", sanitize(text))
