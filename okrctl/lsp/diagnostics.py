"""Findings as an editor shows them: those of `okrctl check` over the open buffers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lsprotocol import types

from okrctl.check.report import CheckReport
from okrctl.lsp.buffers import View
from okrctl.lsp.positions import Positions
from okrctl.outputs.terminal import sanitize
from okrctl.values.addresses import rule_url
from okrctl.values.diagnostic import Diagnostic, Severity, Span

SOURCE = "okrctl"
SEVERITIES: Mapping[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
TAGS = {"unused-ignore": [types.DiagnosticTag.Unnecessary]}  # what can be deleted without any other change


def inner_path(workspace: str, path: str) -> str:
    """A path of a report, which begins at git's top, from the root of its workspace."""
    return path if workspace == "." else path.removeprefix(f"{workspace}/")


class DiagnosticWriter:
    """Turns the findings of a report into those of an editor, with places in its units."""

    def __init__(self, view: View, report: CheckReport, capabilities: types.ClientCapabilities | None) -> None:
        self._view, self._report = view, report
        self._positions: dict[str, Positions] = {}
        publishing = capabilities and capabilities.text_document and capabilities.text_document.publish_diagnostics
        self._has_related = bool(publishing and publishing.related_information)

    def by_path(self) -> dict[str, list[types.Diagnostic]]:
        """The findings of each file by its path in the workspace."""
        found: dict[str, list[types.Diagnostic]] = {}
        for each in self._report.diagnostics:
            found.setdefault(inner_path(each.workspace, each.path), []).append(self._write(each))
        return found

    def range(self, found: Diagnostic) -> types.Range:
        """Where a finding is."""
        return self._range(found.workspace, found.path, found.span)

    def _write(self, found: Diagnostic) -> types.Diagnostic:
        return types.Diagnostic(
            self.range(found),
            sanitize(found.message) + (f"\n{sanitize(found.help)}" if found.help else ""),
            severity=SEVERITIES[found.severity],
            code=found.code,
            code_description=types.CodeDescription(rule_url(found.code)),
            source=SOURCE,
            tags=TAGS.get(found.name),
            related_information=list(self._related(found)) or None,
        )

    def _related(self, found: Diagnostic) -> Iterator[types.DiagnosticRelatedInformation]:
        for other in found.related if self._has_related else ():
            uri = self._view.uri(inner_path(found.workspace, other.path))
            place = types.Location(uri, self._range(found.workspace, other.path, other.span))
            yield types.DiagnosticRelatedInformation(place, sanitize(other.message))

    def _range(self, workspace: str, path: str, span: Span) -> types.Range:
        if path not in self._positions:
            text = self._report.texts.get(path, "")
            self._positions[path] = self._view.positions(inner_path(workspace, path), text)
        return self._positions[path].span_range(span)
