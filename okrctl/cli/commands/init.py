"""Starts a workspace: asks what it must know, and writes the first files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from okrctl import json_schema, yaml_edit
from okrctl.cli import prompts, write
from okrctl.cli.options import Commit, DryRun, Force
from okrctl.cli.session import Session
from okrctl.outputs.terminal import sanitize
from okrctl.schema.settings import MONTHS
from okrctl.templates import init as starting
from okrctl.templates.init import InitOptions, Pipeline
from okrctl.values import slug
from okrctl.values.errors import OkrctlError
from okrctl.values.period import looks_like_period

Option = str | None


def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where; here if left out.")] = None,
    organisation: Annotated[Option, typer.Option("--organisation", metavar="NAME", help="Whose goals.")] = None,
    team: Annotated[Option, typer.Option("--team", metavar="ID", help="The first team.")] = None,
    fiscal_year: Annotated[
        Option, typer.Option("--fiscal-year", metavar="MONTH", help="When the fiscal year starts: january if left out.")
    ] = None,
    ci: Annotated[Pipeline | None, typer.Option("--ci", help="Check every change in a pipeline too.")] = None,
    pre_commit: Annotated[bool, typer.Option("--pre-commit", help="Check before every commit too.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="A whole company with a quarter of history instead.")] = False,
    force: Force = False,
    dry_run: DryRun = False,
    commit: Commit = False,
) -> int:
    """Start a workspace: settings, a file of goals and one of KPIs, ready to be made yours."""
    session = _session_in(Session.of(context), folder)
    if demo:
        from okrctl.cli import demo as staging

        return staging.build_demo(session, dry_run)
    try:
        answers = _collect_answers(session, organisation, team, fiscal_year)
    except prompts.PromptEnded as left:
        session.say("nothing was written")
        return 130 if left.interrupted else 2
    wanted = {**starting.workspace_files(answers, session.today), **starting.editor_files()}
    wanted |= starting.schema_files({kind: json_schema.render_schema(kind) for kind in json_schema.KINDS})
    wanted |= starting.pipeline_files(ci) if ci else {}
    wanted |= starting.hook_files() if pre_commit else {}
    plan = _build_plan(session, wanted, answers, force)
    if not dry_run:
        session.root.mkdir(parents=True, exist_ok=True)
    if write.apply_plan(session, plan, dry_run=dry_run, commit=commit):
        _print_next_steps(session, folder)
    return 0


def _session_in(session: Session, folder: Path | None) -> Session:
    """The same run, with the workspace to be as its root, whatever lies around it."""
    there = replace(session, directory=(session.directory / (folder or ".")).absolute())
    there.root = there.directory
    if there.root.exists() and not there.root.is_dir():
        raise OkrctlError(f"{sanitize(str(folder))} is a file", "name a folder, which may be new")
    return there


def _collect_answers(session: Session, organisation: Option, team: Option, month: Option) -> InitOptions:
    """What the options say, and what the person says to the rest; OkrctlError off the terminal."""
    if not prompts.is_interactive():
        given = {"--organisation NAME": organisation, "--team ID": team}
        missing = [option for option, answer in given.items() if not answer]
        if missing:
            raise OkrctlError("nobody is here to answer what a workspace must know", f"give {' and '.join(missing)}")
    name = _ask(session, "Whose goals are these, which organisation?", organisation, "", _parse_name)
    starts = _ask(session, "In which month does its fiscal year start?", month, "january", _parse_month)
    first = _ask(session, "Which team begins?", team, "", _parse_team)
    ident = slug.slugify(first, otherwise="team")
    return InitOptions(name, ident, first if first != ident else first.replace("-", " ").capitalize(), starts)


def _ask(session: Session, question: str, given: Option, default: str, read: Callable[[str], str]) -> str:
    """An option as it is read, else the answer; a person may try again, an option may not."""
    if given is not None or not prompts.is_interactive():
        return read(given or default)
    while True:
        try:
            return read(prompts.ask_or_require(question, default, ""))
        except OkrctlError as error:
            session.say(f"{error.message}: {error.hint}")


def _parse_name(text: str) -> str:
    if not text.strip():
        raise OkrctlError("this needs a name", "such as Acme")
    return text.strip()


def _parse_month(text: str) -> str:
    words = text.strip().casefold()
    if words.isdecimal() and 1 <= int(words) <= 12:
        return MONTHS[int(words) - 1]
    found = [name for name in MONTHS if len(words) > 2 and name.startswith(words)]
    if len(found) != 1:
        raise OkrctlError(f"'{text}' is no month", "such as january, apr or 4")
    return found[0]


def _parse_team(text: str) -> str:
    if looks_like_period(slug.slugify(_parse_name(text), otherwise="team")):
        raise OkrctlError(f"the team '{text}' looks like a period", "choose another name, such as a word")
    return text.strip()


def _build_plan(session: Session, wanted: dict[str, str], answers: InitOptions, force: bool) -> yaml_edit.WritePlan:
    """What is to be written; OkrctlError where a file is there already and `force` is not given."""
    old: dict[str, str | None] = {path: _read_existing(session.root / path) for path in wanted}
    taken = [path for path, text in old.items() if text not in (None, wanted[path])]
    ours = (*starting.EDITOR_PATHS, *(path for path in wanted if path.startswith(f"{starting.SCHEMA_FOLDER}/")))
    kept = [] if force else [path for path in taken if path in ours]
    if not force and taken != kept:
        names = ", ".join(path for path in taken if path not in kept)
        raise OkrctlError(f"there is already: {names}", "nothing was written; --force overwrites it")
    for path in kept:
        session.say(f"leaving {path} as it is")
    new = {path: text for path, text in wanted.items() if path not in kept}
    says = tuple(f"writing {path}" for path in sorted(new) if old[path] != new[path])
    return yaml_edit.build_plan(old, new, says, f"Begin with the goals of {answers.organisation}")


def _read_existing(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OkrctlError(f"cannot read {path}: {error.strerror}", "see its permissions") from error


def _print_next_steps(session: Session, folder: Path | None) -> None:
    where = "" if folder is None else f" -C {sanitize(str(folder))}"
    session.say(f"ready: edit the files in okrs/ and kpis/, then run `okrctl{where} check` and `okrctl{where} score`")
