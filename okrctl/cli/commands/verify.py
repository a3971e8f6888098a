"""Recomputes sealed scorecards and says whether they still hold."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import git
from okrctl.cli import load
from okrctl.cli import seals as sealing
from okrctl.cli.options import FORMAT, Output
from okrctl.cli.seals import StoredSeal
from okrctl.cli.session import Session
from okrctl.history import snapshot
from okrctl.outputs.views.verification import render
from okrctl.seals.verify import SealVerification, Verification, verify_seal, with_current_files
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Workspace


def verify(
    context: typer.Context,
    period: Annotated[str | None, typer.Argument(metavar="[PERIOD]", help="A closed period; all if left out.")] = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """Recompute a sealed scorecard and say whether it still holds: 0 if so, else 1."""
    session = Session.of(context)
    config, _ = load.read_settings(session.root)
    names = (
        sealing.sealed_period_ids(session) if period is None else [sealing.requested_period_id(session, config, period)]
    )
    seals = [(name, sealing.load_seal(session, name)) for name in names]
    missing = [name for name, found in seals if found is None]
    if missing or not seals:
        what = f"{missing[0]} is not closed" if missing else "no period is closed"
        raise OkrctlError(what, "`okrctl close PERIOD` seals one")
    today = load.load_workspace(session)
    checked = tuple(_verify_seal(session, today, one) for _, one in seals if one is not None)
    found = Verification(checked, period is not None)
    session.deliver(render(found, format, session.style), output)
    return int(not all(one.is_valid for one in found.results))


def _verify_seal(session: Session, today: Workspace, seal: StoredSeal) -> SealVerification:
    """One seal, against its commit where git has that, and against the files."""
    commit, source = _seal_commit(session, seal)
    if commit is None:
        return verify_seal(seal.data, None, today, None, source)
    repository = load.require_repository(session)
    then = load.require_valid(snapshot.load_snapshot(repository, commit), commit)
    tree = snapshot.CommitTree(repository, commit)
    mixed = with_current_files(then, today, seal.data["period"]["id"], load.csv_loader(session.root), tree.read_text)
    return verify_seal(seal.data, then, mixed, commit, source)


def _seal_commit(session: Session, seal: StoredSeal) -> tuple[str | None, str]:
    """The commit to recompute from, and what that is: the one that was sealed, else the one that brought the seal."""
    repository = git.find_repository(session.root)
    if repository is None or repository.head() is None:
        return None, "the files: there is no git history here"
    named = seal.data.get("commit")
    if isinstance(named, str) and repository.find_commit_id(named) is not None:
        return named, f"commit {named[:10]}"
    brought = [commit for commit, change in repository.file_history(seal.path) if change.new_id is not None]
    if brought:
        why = "which brought the seal" if named is None else f"which brought the seal: {named[:10]} is not here"
        return brought[0].id, f"commit {brought[0].id[:10]}, {why}"
    return None, "the files: no commit holds the seal"
