"""Recomputes sealed scorecards and says whether they still hold."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import git
from okrctl.cli import load
from okrctl.cli import seals as sealing
from okrctl.cli.options import FORMAT, Output
from okrctl.cli.seals import Seal
from okrctl.cli.session import Session
from okrctl.history import snapshot
from okrctl.outputs import render
from okrctl.seals.verify import Verification, Verified, held, with_files_of
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
    config, _ = load.settings_of(session.root)
    names = sealing.period_ids(session) if period is None else [sealing.period_asked(session, config, period)]
    seals = [(name, sealing.load(session, name)) for name in names]
    missing = [name for name, found in seals if found is None]
    if missing or not seals:
        what = f"{missing[0]} is not closed" if missing else "no period is closed"
        raise OkrctlError(what, "`okrctl close PERIOD` seals one")
    today = load.whole(session)
    checked = tuple(_verified(session, today, one) for _, one in seals if one is not None)
    found = Verification(checked, period is not None)
    session.deliver(render(found, format, session.look), output)
    return int(not all(one.holds for one in found.seals))


def _verified(session: Session, today: Workspace, seal: Seal) -> Verified:
    """One seal, against its commit where git has that, and against the files."""
    commit, source = _commit(session, seal)
    if commit is None:
        return held(seal.data, None, today, None, source)
    repository = load.repository(session)
    then = load.sound(snapshot.at(repository, commit), commit)
    tree = snapshot.Tree(repository, commit)
    mixed = with_files_of(then, today, seal.data["period"]["id"], load.loader(session.root), tree.text)
    return held(seal.data, then, mixed, commit, source)


def _commit(session: Session, seal: Seal) -> tuple[str | None, str]:
    """The commit to recompute from, and what that is: the one that was sealed, else the one that brought the seal."""
    repository = git.find(session.root)
    if repository is None or repository.head() is None:
        return None, "the files: there is no git history here"
    named = seal.data.get("commit")
    if isinstance(named, str) and repository.id_of(named) is not None:
        return named, f"commit {named[:10]}"
    brought = [commit for commit, change in repository.versions(seal.path) if change.new_id is not None]
    if brought:
        why = "which brought the seal" if named is None else f"which brought the seal: {named[:10]} is not here"
        return brought[0].id, f"commit {brought[0].id[:10]}, {why}"
    return None, "the files: no commit holds the seal"
