"""Starts a workspace: settings, goals, KPIs, and the files of editors and pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from okrctl import __version__, files, json_schema
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.load import find_repository
from okrctl.operations.merge_install import ATTRIBUTES_PATH, attributes_text, set_driver
from okrctl.operations.project import Project
from okrctl.schema.settings import MONTHS, Config
from okrctl.templates import init as templates
from okrctl.templates.init import InitOptions, Pipeline
from okrctl.values import slug
from okrctl.values.errors import ConflictError, DiskError, NotFoundError, OkrctlError
from okrctl.values.period import looks_like_period
from okrctl.yaml_edit import WritePlan, build_plan


@dataclass(frozen=True, slots=True)
class InitRequest:
    """Whose workspace to start, and what to add to it."""

    organisation: str
    team: str
    fiscal_year: str = "january"
    pipeline: Pipeline | None = None
    pre_commit: bool = False
    refresh_job: bool = False


def project_in(project: Project, folder: Path) -> None:
    """Make a folder the root of the workspace, whatever is around it; raises OkrctlError where it is a file."""
    project.directory = project.root = (project.directory / folder).absolute()
    if project.root.exists() and not project.root.is_dir():
        raise ConflictError(f"{folder} is a file", "pass a new or existing folder")


def init(project: Project, request: InitRequest, options: WriteOptions) -> WriteResult:
    """Write the files of a new workspace; raises OkrctlError where one already exists and is not forced."""
    if request.refresh_job and request.pipeline is None:
        raise OkrctlError("--refresh-job needs a CI pipeline", "use --ci github or --ci gitlab")
    team = slug.slugify(request.team, otherwise="team")
    title = request.team if request.team != team else request.team.replace("-", " ").capitalize()
    answers = InitOptions(request.organisation, team, title, request.fiscal_year)
    texts = {**templates.workspace_files(answers, project.today), **templates.editor_files()}
    texts |= _schema_files()
    texts |= templates.pipeline_files(request.pipeline, request.refresh_job) if request.pipeline else {}
    texts |= templates.hook_files() if request.pre_commit else {}
    texts[ATTRIBUTES_PATH] = attributes_text(_read_existing(project.root / ATTRIBUTES_PATH) or "", Config())
    plan = _build_plan(project, texts, answers.organisation, options.force)
    if options.dry_run:
        return apply_plan(project, plan, options)
    project.root.mkdir(parents=True, exist_ok=True)
    result = apply_plan(project, plan, options)
    _install_driver(project)
    return result


def update_schemas(project: Project, options: WriteOptions) -> WriteResult:
    """Write the schemas of this version for editors, and nothing else; raises OkrctlError without a workspace."""
    if not project.has_workspace():
        raise NotFoundError(f"no workspace in {project.root}", "start one with `okrctl init`, or use -C DIR")
    texts = _schema_files()
    old = {path: _read_existing(project.root / path) for path in texts}
    messages = tuple(f"writing {path}" for path in sorted(texts) if old[path] != texts[path])
    return apply_plan(project, build_plan(old, texts, messages, f"init: schemas of okrctl {__version__}"), options)


def _schema_files() -> dict[str, str]:
    return templates.schema_files({kind: json_schema.render_schema(kind) for kind in json_schema.KINDS})


def _install_driver(project: Project) -> None:
    """Make git merge goals with okrctl in this clone, and say so."""
    repository = find_repository(project)
    if repository is None or repository.work_tree is None:
        project.notify("to make git merge goals with okrctl, run `git init`, then `okrctl merge --install`")
        return
    set_driver(repository)
    project.notify("git now merges goals with okrctl in this clone: see `okrctl explain merge`")


def parse_organisation(text: str) -> str:
    """Parse the name of an organisation or team, which must not be empty."""
    if not text.strip():
        raise OkrctlError("the name is empty", "pass a name, such as Acme")
    return text.strip()


def parse_month(text: str) -> str:
    """Parse a month by its number or name, which may be shortened to three letters."""
    word = text.strip().casefold()
    if word.isdecimal() and 1 <= int(word) <= 12:
        return MONTHS[int(word) - 1]
    matches = [month for month in MONTHS if len(word) > 2 and month.startswith(word)]
    if len(matches) != 1:
        raise OkrctlError(f"'{text}' is not a valid month", "write a month, such as january, apr or 4")
    return matches[0]


def parse_team(text: str) -> str:
    """Parse the name of a team, which must not look like a period."""
    if looks_like_period(slug.slugify(parse_organisation(text), otherwise="team")):
        raise OkrctlError(f"the team '{text}' looks like a period", "choose another name, such as growth")
    return text.strip()


def _build_plan(project: Project, texts: dict[str, str], organisation: str, force: bool) -> WritePlan:
    """Return what is written; files of editors and schemas that already exist are left alone unless forced."""
    old: dict[str, str | None] = {path: _read_existing(project.root / path) for path in texts}
    kept = [] if force else _kept_files(old, texts)
    for path in kept:
        project.notify(f"leaving {path} as it is")
    new = {path: text for path, text in texts.items() if path not in kept}
    messages = tuple(f"writing {path}" for path in sorted(new) if old[path] != new[path])
    return build_plan(old, new, messages, f"init: goals of {organisation}")


def _kept_files(old: dict[str, str | None], texts: dict[str, str]) -> list[str]:
    """Return the files that are left alone; raises OkrctlError where another one exists with another text."""
    differing = [path for path, text in old.items() if text not in (None, texts[path]) and path != ATTRIBUTES_PATH]
    kept = [path for path in differing if path in templates.EDITOR_PATHS or _is_schema(path)]
    if differing != kept:
        names = ", ".join(path for path in differing if path not in kept)
        raise ConflictError(f"already exists: {names}", "nothing was written; --force overwrites existing files")
    return kept


def _is_schema(path: str) -> bool:
    return path.startswith(f"{files.SCHEMA_FOLDER}/")


def _read_existing(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DiskError(f"cannot read {path}: {error.strerror}", "check its permissions") from error
