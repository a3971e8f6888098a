"""The fixes of `okrctl check --fix` as actions of an editor, with the edits that the command would write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lsprotocol import types

from okrctl.check.report import CheckReport
from okrctl.lsp.buffers import View
from okrctl.lsp.diagnostics import DiagnosticWriter, inner_path
from okrctl.lsp.edits import build_workspace_edit
from okrctl.operations.check import CheckRequest, key_of, repair
from okrctl.outputs.terminal import sanitize
from okrctl.values.diagnostic import Diagnostic

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.okrctl"
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]
MAX_FIXES = 10  # at one place; each is tried


def list_code_actions(
    view: View, path: str, params: types.CodeActionParams, capabilities: types.ClientCapabilities
) -> list[types.CodeAction]:
    """The safe fixes of the findings in a range; where an editor asks for it, that of all in the file."""
    report = view.last_report()
    fixable = [each for each in report.diagnostics if each.fix and inner_path(each.workspace, each.path) == path]
    wanted = params.context.only
    actions: list[types.CodeAction] = []
    if _is_wanted(types.CodeActionKind.QuickFix.value, wanted):
        actions += _quick_fixes(view, report, fixable, params, capabilities)
    if wanted is not None and _is_wanted(FIX_ALL, wanted) and fixable:
        edit = _edit_of(view, capabilities, lambda found: inner_path(found.workspace, found.path) == path)
        if edit is not None:
            actions.append(types.CodeAction("Fix all findings of okrctl", kind=FIX_ALL, edit=edit))
    return actions


def _is_wanted(kind: str, wanted: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether a kind of action is among the wanted ones or below one of them; without wanted ones all are."""
    names = [each.value if isinstance(each, types.CodeActionKind) else each for each in wanted or ()]
    return wanted is None or any(not name or kind == name or kind.startswith(f"{name}.") for name in names)


def _quick_fixes(
    view: View, report: CheckReport, fixable: Sequence[Diagnostic], params: types.CodeActionParams,
    capabilities: types.ClientCapabilities,
) -> Iterator[types.CodeAction]:  # fmt: skip
    writer = DiagnosticWriter(view, report, capabilities)
    here = [each for each in fixable if _overlap(writer.range(each), params.range)]
    for found in here[:MAX_FIXES]:
        key, place = key_of(found), writer.range(found)
        edit = _edit_of(view, capabilities, lambda each, key=key: key_of(each) == key)  # type: ignore[misc]
        if edit is not None:
            shown = [each for each in params.context.diagnostics if each.code == found.code and each.range == place]
            title = f"Fix {found.code}: {sanitize(found.message)}"
            yield types.CodeAction(
                title, kind=types.CodeActionKind.QuickFix, diagnostics=shown or None, is_preferred=True, edit=edit
            )


def _overlap(first: types.Range, second: types.Range) -> bool:
    def key(place: types.Position) -> tuple[int, int]:
        return place.line, place.character

    return key(first.start) <= key(second.end) and key(second.start) <= key(first.end)


def _edit_of(
    view: View, capabilities: types.ClientCapabilities, is_wanted: Callable[[Diagnostic], bool]
) -> types.WorkspaceEdit | None:
    """What the fixes of some findings change; None where they are not safe."""
    result = repair(view.project, CheckRequest(), "fix", dry_run=True, is_wanted=is_wanted)
    [workspace] = result.report.workspaces
    texts = {inner_path(workspace.root, path): both for path, both in result.texts.items()}
    return build_workspace_edit(view, texts, capabilities) if texts else None
