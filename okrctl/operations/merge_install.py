"""Makes git merge goals with okrctl: the merge driver in the settings of a clone, and `.gitattributes`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NamedTuple

from okrctl import files
from okrctl.git import Repository
from okrctl.operations.load import require_repository
from okrctl.operations.project import Project
from okrctl.operations.transaction import write_changes
from okrctl.schema.settings import Config
from okrctl.values.errors import OkrctlError
from okrctl.values.patterns import expand_braces
from okrctl.workspace import disk
from okrctl.yaml_edit import FileChange

ATTRIBUTES_PATH = ".gitattributes"
DRIVER_NAME = "merge OKRs value by value"
# One line of shell, with git's own merge behind it: a Python that is gone must not leave the file without markers.
DRIVER = (
    'if "{python}" -c "import okrctl" 2>/dev/null; then exec "{python}" -m okrctl merge %O %A %B --path %P '
    "--marker-size %L; fi; git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
)
SEALS = "scorecards/*.json"


class InstallResult(NamedTuple):
    """The setting of git, and whether `.gitattributes` had to be changed."""

    driver: str
    is_changed: bool
    attributes: str


def install(project: Project, *, dry_run: bool = False) -> InstallResult:
    """Install the merge driver in this clone. Raises OkrctlError where there is no repository."""
    repository = require_repository(project)
    if repository.work_tree is None:
        raise OkrctlError(
            "cannot install the merge driver in a bare repository", "install it in a clone with a work tree"
        )
    config, _ = disk.read_settings(project.root)
    old = _read_attributes(project)
    new = attributes_text(old or "", config, csv_paths(project))
    driver = driver_line()
    if not dry_run:
        if new != old:
            write_changes(project, [FileChange(ATTRIBUTES_PATH, old, new)])
        set_driver(repository)
    return InstallResult(driver, new != old, new)


def set_driver(repository: Repository) -> None:
    """Write the merge driver to the settings of a clone."""
    repository.runner.write("config", "merge.okrctl.name", DRIVER_NAME)
    repository.runner.write("config", "merge.okrctl.driver", driver_line())


def driver_line(python: str = "") -> str:
    """The line of shell that git runs, with the Python that runs now."""
    path = (python or sys.executable).replace("\\", "/").replace("%", "%%")
    for sign in ('"', "$", "`"):
        path = path.replace(sign, f"\\{sign}")
    return DRIVER.format(python=path)


def attribute_lines(config: Config, csvs: Iterable[str] = (), prefix: str = "") -> list[str]:
    """The lines that make git merge goals with okrctl; `prefix` is the folder of the workspace in the repository."""
    patterns = [files.SETTINGS_NAME, *(plain for pattern in config.include for plain in sorted(expand_braces(pattern)))]
    return [f"{_quote(prefix + pattern)} merge=okrctl" for pattern in (*patterns, *csvs, SEALS)]


def attributes_text(old: str, config: Config, csvs: tuple[str, ...] = ()) -> str:
    """The text of `.gitattributes` with a line for each pattern of goal files that it lacks."""
    missing = [line for line in attribute_lines(config, csvs) if line not in old.splitlines()]
    start = old if old.endswith("\n") or not old else old + "\n"
    return start + "".join(f"{line}\n" for line in missing)


def csv_paths(project: Project) -> tuple[str, ...]:
    """The CSV files of readings in the workspace."""
    loaded = disk.load_folder(project.root)
    csvs = [node.csv for node in loaded.key_results] + [node.csv for node in loaded.kpi_nodes]
    return tuple(sorted({csv.path for csv in csvs if csv is not None and not csv.path.startswith("..")}))


def _quote(pattern: str) -> str:
    return '"' + pattern.replace("\\", "\\\\").replace('"', '\\"') + '"' if any(map(str.isspace, pattern)) else pattern


def _read_attributes(project: Project) -> str | None:
    path = project.root / ATTRIBUTES_PATH
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise OkrctlError(f"cannot read {ATTRIBUTES_PATH}: {error}", "correct it first") from error
