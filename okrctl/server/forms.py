"""What all forms share: the two steps of a write, and what the page says about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    """What a form would write: the changes of files, and what they do to the scores.

    `template` is the page that shows it, with what it needs beside the changes.
    """

    changes: Sequence[FileChange]
    effects: Sequence[ScoreEffect] = ()
    template: str = "preview.html"
    context: Mapping[str, Any] = {}

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


@dataclass
class TypedField:
    """A value of a form: as it is now, as the form was made from it (`seen`), and as it was typed.

    `theirs` is a value that somebody else wrote since the form was made, and `keep` says which of the two is right.
    """

    now: str
    seen: str
    typed: str
    keep: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the person typed another value than the form showed."""
        return self.typed != self.seen and self.keep != "theirs"

    @property
    def theirs(self) -> str:
        """The value that somebody else wrote meanwhile, where the person typed another one."""
        return self.now or "nothing" if self.now != self.seen and self.typed not in (self.seen, self.now) else ""

    @property
    def is_open(self) -> bool:
        """Whether the person must still say which of two values is right."""
        return bool(self.theirs) and self.keep not in ("theirs", f"mine={self.theirs}")


def typed_field(visit: Visit, name: str, now: str) -> TypedField:
    """A field of a form that may have been sent: `new:NAME`, `seen:NAME` and `keep:NAME`."""
    seen = visit.form(f"seen:{name}") if f"seen:{name}" in visit.fields else now
    typed = visit.form(f"new:{name}") if f"new:{name}" in visit.fields else seen
    return TypedField(now, seen, typed, visit.form(f"keep:{name}"))


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
    sync, project = visit.sync, visit.project
    with transaction.hold_lock(project):
        if sync is not None:
            sync.run(project)
        address = form.save()
        if sync is not None and project.repository is not None:
            sync.push(project, project.repository.find_commit_id("HEAD"))
    return address


def _preview(visit: Visit, form: WriteForm) -> Response:
    planned = form.plan()
    fields = [(name, value) for name, values in visit.fields.items() if name not in UNSENT_FIELDS for value in values]
    return visit.render(
        planned.template, title=form.title, planned=planned, fields=fields, commits=visit.write_options.commit,
        **planned.context,
    )  # fmt: skip


def saved_address(path: str, commit: str | None, text: str, **parameters: str) -> str:
    """The address to go to after a write, which says what was saved."""
    pairs: dict[str, Any] = {**parameters, "saved": commit[:10] if commit else "files", "what": text}
    return f"{path}?{urlencode(pairs)}"
