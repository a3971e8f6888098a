"""Keeps the clone of a server and its upstream branch together: every minute, before each write, and after it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool

from okrctl.git.upstream import Upstream
from okrctl.operations import sync as operation
from okrctl.operations.project import Project
from okrctl.operations.sync import SyncResult, TakenBack
from okrctl.server.workspace import ServedWorkspace
from okrctl.values.errors import ConflictError, OkrctlError

SECONDS = 60


class UpstreamSync:
    """The syncs of a server. `problem` says why the newest one did not end well, empty where it did.

    `taken_back` are the commits whose conflicts a person must decide.
    """

    def __init__(self, served: ServedWorkspace) -> None:
        self.served = served
        self.upstream: Upstream = operation.require_syncable(served.project())
        self.problem = ""
        self.taken_back: Sequence[TakenBack] = operation.list_taken_back(served.project())

    def run(self, project: Project) -> SyncResult | None:
        """Sync now; None where the clone is not as it must be for that."""
        with self.served.write_lock:
            try:
                result = operation.sync(project, self.upstream)
                self.problem = result.reason
            except OkrctlError as error:
                self.problem, result = error.message, None
            self.taken_back = operation.list_taken_back(project)
            return result

    def push(self, project: Project, commit: str | None) -> None:
        """Sync after a write; raises ConflictError where its commit was taken back, with both values."""
        result = self.run(project)
        for taken in result.taken_back if result is not None else ():
            if taken.commit == commit:
                operation.forget_taken_back(project, taken.kept_ref)  # the form that is shown again keeps the values
                self.taken_back = operation.list_taken_back(project)
                raise ConflictError(
                    "somebody else changed the same: " + "; ".join(each.text for each in taken.conflicts),
                    "your changes are not saved yet; compare, and save again",
                )

    def forget(self, project: Project, kept_ref: str) -> None:
        """Forget a commit that was taken back; raises NotFoundError for one that is none."""
        with self.served.write_lock:
            operation.forget_taken_back(project, kept_ref)
            self.taken_back = operation.list_taken_back(project)

    async def keep_up(self, stop: asyncio.Event) -> None:
        """Sync every minute until `stop`."""
        while not stop.is_set():
            await run_in_threadpool(lambda: self.run(self.served.project()))
            try:
                await asyncio.wait_for(stop.wait(), SECONDS)
            except TimeoutError:
                continue
