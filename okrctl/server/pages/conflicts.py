"""What a sync could not solve: values that this clone and the upstream branch changed in different ways."""

from __future__ import annotations

from starlette.responses import Response

from okrctl.server.links import ref_address
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.errors import NotFoundError, OkrctlError


def conflicts(visit: Visit) -> Response:
    """The list; a person says that a conflict is decided."""
    if visit.sync is None:
        raise NotFoundError("this server does not sync", "start it with --sync")
    error: OkrctlError | None = None
    if visit.request.method == "POST":
        visit.require("checkin")
        try:
            visit.sync.forget(visit.project, visit.form("kept"))
            return visit.redirect("/conflicts")
        except OkrctlError as problem:
            error = problem
    return visit.render(
        "conflicts.html",
        title="Conflicts",
        taken_back=visit.sync.taken_back,
        address=lambda ref: ref_address(visit.workspace, ref),
        error=error,
    )


PAGES = (Page("/conflicts", conflicts, methods=("GET", "POST"), is_kept=False),)
