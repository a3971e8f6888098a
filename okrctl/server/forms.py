"""What all forms share: the two steps of a write, and what the page says about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from okrctl.operations import transaction
from okrctl.server.visit import Visit
from okrctl.values.errors import OkrctlError
from okrctl.yaml_edit import FileChange
from okrctl.yaml_edit.preview import ScoreEffect

UNSENT_FIELDS = ("token", "action")


class PlannedWrite(NamedTuple):
    """What a form would write: the changes of files, and what they do to the scores."""

    changes: Sequence[FileChange]
    effects: Sequence[ScoreEffect] = ()

    @property
    def diff(self) -> list[DiffLine]:
        """The changes as lines of a diff, each with what it is."""
        from okrctl.yaml_edit import WritePlan

        return [_classify(line) for line in WritePlan(tuple(self.changes), (), "").diff().splitlines()]


class DiffLine(NamedTuple):
    """A line of a diff: added, removed, a head, or context."""

    kind: str
    text: str


def _classify(line: str) -> DiffLine:
    if line.startswith(("+++", "---", "@@", "diff ", "index ")):
        return DiffLine("head", line)
    return DiffLine({"+": "added", "-": "removed"}.get(line[:1], "context"), line)


class WriteForm(NamedTuple):
    """A form that writes.

    `plan` works out what would be written, `save` writes it and returns the address to go to; both raise OkrctlError.
    While `save` runs, no other process writes. `show` is the form with the values that were sent, and with the error
    that keeps them from being saved.
    """

    title: str
    plan: Callable[[], PlannedWrite]
    save: Callable[[], str]
    show: Callable[[OkrctlError | None], Response]


def respond_to_form(visit: Visit, form: WriteForm) -> Response:
    """Answer the two steps of a write: the form comes back with an error, or a preview, or it is saved."""
    try:
        if visit.form("action") == "edit":
            return form.show(None)
        if visit.form("action") != "save":
            return _preview(visit, form)
        address = _save(visit, form)
    except OkrctlError as error:
        return form.show(error)
    return visit.redirect(address)


def _save(visit: Visit, form: WriteForm) -> str:
    """Save, on top of what the upstream branch has, and push; raises OkrctlError where another change is in the way."""
    syncing, project = visit.syncing, visit.project
    with transaction.hold_lock(project):
        if syncing is not None:
            syncing.run(project)
        address = form.save()
        if syncing is not None and project.repository is not None:
            syncing.push(project, project.repository.find_commit_id("HEAD"))
    return address


def _preview(visit: Visit, form: WriteForm) -> Response:
    planned = form.plan()
    fields = [(name, value) for name, values in visit.fields.items() if name not in UNSENT_FIELDS for value in values]
    return visit.render(
        "preview.html", title=form.title, planned=planned, fields=fields, commits=visit.write_options.commit
    )


def saved_address(path: str, commit: str | None, text: str, **parameters: str) -> str:
    """The address to go to after a write, which says what was saved."""
    pairs: dict[str, Any] = {**parameters, "saved": commit[:10] if commit else "files", "what": text}
    return f"{path}?{urlencode(pairs)}"
