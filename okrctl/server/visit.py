"""One request on its way through a page: who asks, for what, and how the answer is rendered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from okrctl.operations.apply import WriteOptions
from okrctl.operations.load import load_workspace
from okrctl.operations.project import parse_date
from okrctl.outputs.reports import page
from okrctl.outputs.reports.assets import LinkedAssets
from okrctl.schema.settings import Config
from okrctl.server.access import Access, Person
from okrctl.server.links import ServerLinks, owner_address
from okrctl.server.upstream import UpstreamSync
from okrctl.server.workspace import ServedWorkspace, VisitProject
from okrctl.values.errors import OkrctlError, RefusedError
from okrctl.workspace import Workspace

Fields = Mapping[str, Sequence[str]]
PARENTS = {
    "/objectives": "/periods", "/key-results": "/periods", "/amend": "/periods", "/close": "/periods",
    "/people": "/teams",
}  # fmt: skip
"""The pages of the navigation to which others belong, by the first part of their paths."""


@dataclass(frozen=True)
class Options:
    """How the server was started: whether pages may write, which writes, and whether each is a commit.

    `why_read_only` is shown where nothing can be written.
    """

    writes: frozenset[str] = frozenset()
    why_read_only: str | None = None
    commits: bool = True


@dataclass
class Visit:
    """A request with its workspace. `person` is who looks, None where nobody knows.

    `listed_pages` are those of the navigation: address, name, and the kind of write that they are for. A visit that
    `can_write` reads the files again whenever an operation asks for them.
    """

    request: Request
    served: ServedWorkspace
    access: Access
    options: Options
    person: Person | None = None
    fields: Fields = field(default_factory=dict)
    listed_pages: Sequence[tuple[str, str, str]] = ()
    sync: UpstreamSync | None = None
    can_write: bool = True

    @cached_property
    def project(self) -> VisitProject:
        """The project, in which broken files are left out."""
        project = self.served.project(self._author)
        project.reads_once = not self.can_write
        return project

    def strict_project(self) -> VisitProject:
        """A project in which a broken file is an error."""
        return self.served.project(self._author, is_strict=True)

    @property
    def _author(self) -> Person | None:
        return self.person if self.access.proxy is not None else None

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace as it is on disk, without its broken files."""
        return load_workspace(self.project)

    def reload(self) -> None:
        """Read the workspace again, as under the lock, so that what is edited is what is there."""
        self.workspace = load_workspace(self.project)

    @property
    def config(self) -> Config:
        """The settings."""
        return self.workspace.config

    @property
    def today(self) -> date:
        """The current day."""
        return self.project.today

    @property
    def path(self) -> str:
        """The path of the page."""
        return self.request.url.path

    # What was asked

    def query(self, name: str) -> str:
        """A parameter of the address, empty where it is missing."""
        return self.request.query_params.get(name, "").strip()

    def queries(self, name: str) -> list[str]:
        """All values of a parameter that are not empty."""
        return [value.strip() for value in self.request.query_params.getlist(name) if value.strip()]

    def query_day(self, name: str) -> date | None:
        """A day of the address; raises OkrctlError for what is none."""
        text = self.query(name)
        return parse_date(text) if text else None

    def form(self, name: str) -> str:
        """A field of the form, empty where it is missing."""
        values = self.fields.get(name, ())
        return values[-1].strip() if values else ""

    def form_all(self, name: str) -> list[str]:
        """All values of a field."""
        return list(self.fields.get(name, ()))

    def address(self, **changes: object) -> str:
        """The address of this page with some parameters changed; None takes one out."""
        pairs = [(key, value) for key, value in self.request.query_params.multi_items() if key not in changes]
        pairs += [(key, str(value)) for key, value in changes.items() if value is not None and value != ""]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @cached_property
    def links(self) -> ServerLinks:
        """The addresses of what pages name."""
        return ServerLinks(self.workspace)

    def path_name(self, name: str) -> str:
        """A part of the path that names something."""
        return str(self.request.path_params.get(name, ""))

    # Who may do what

    def can(self, write: str) -> bool:
        """Whether the person may do a kind of write here."""
        return self.options.why_read_only is None and write in self.options.writes

    def require(self, write: str) -> None:
        """Raise RefusedError where the person may not do a kind of write."""
        if self.options.why_read_only is not None:
            raise RefusedError(f"nothing can be changed here: {self.options.why_read_only}")
        if write not in self.options.writes:
            raise RefusedError(f"this server does not offer `{write}`", f"start it with --allow {write}")

    @property
    def write_options(self) -> WriteOptions:
        """How a write becomes one: a commit where there is a repository and nobody asked for none."""
        return WriteOptions(commit=self.options.commits and self.served.has_repository())

    # The answer

    @property
    def navigation(self) -> list[tuple[str, str]]:
        """The pages that each page links to: address and name."""
        return [(path, title) for path, title, write in self.listed_pages if not write or self.can(write)]

    def is_current(self, address: str) -> bool:
        """Whether this page is the one of an address, or one that belongs to it."""
        first = f"/{self.path.split('/')[1]}"
        return PARENTS.get(first, first) == address

    @property
    def own_page(self) -> str:
        """The page of the person; empty where the settings do not name them."""
        if self.person is None:
            return ""
        email = self.person.email.strip().casefold()
        people = (self.config.people or {}).items()
        by_email = (key for key, person in people if email and (person.email or "").strip().casefold() == email)
        key = self.person.id or next(by_email, None)
        return owner_address(self.config, key) if key else ""

    @property
    def banners(self) -> list[str]:
        """What the page says about the write before it."""
        saved, what = self.query("saved"), self.query("what")
        if not saved:
            return []
        where = "" if saved == "files" else f", commit {saved}"
        return [f"Saved {what or 'your changes'}{where}."]

    def render(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A page of the server from a template of `templates/html/server`."""
        text = page.render(
            f"server/{template}",
            LinkedAssets(),
            visit=self,
            form_token=self.access.form_token(self.person),
            broken=self.broken_files,
            **context,
        )
        return HTMLResponse(text, status)

    @property
    def broken_files(self) -> list[str]:
        """What is wrong with the files that are left out, one line for each."""
        _ = self.workspace
        return self.project.broken_files

    @property
    def sync_problem(self) -> str:
        """Why commits of this clone are not on the upstream branch yet; empty where they are."""
        return self.sync.problem if self.sync is not None else ""

    def redirect(self, address: str) -> Response:
        """Send the browser to another page after a write."""
        return RedirectResponse(address, 303)


def describe(error: OkrctlError) -> str:
    """An error in one line."""
    return f"{error.message}: {error.hint}" if error.hint else error.message
