"""Tells whether git would say the same of a repository as before, by the files of its folder, without asking git."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from okrctl import files
from okrctl.cache import states
from okrctl.files.record import FileState

SETTINGS_NAMES = ("config", "config.worktree", "gitconfig", ".gitconfig")
SUBMODULE_NAMES = ("packed-refs", "shallow", "HEAD", "FETCH_HEAD", "objects/pack")  # what a fetch changes
IRRELEVANT_FOLDERS = ("hooks", "logs", "lfs")
USER_SETTINGS = ("~/.gitconfig", "~/.config/git/config", "~/.config/git/ignore", "/etc/gitconfig")


def read(root: Path) -> dict[str, FileState | None]:
    """Return the states of all files that decide what git says of the repository around a folder, by absolute path.

    These are its settings, its references and its index; of the objects, which never change, the folders alone.
    """
    names = [*_user_settings(), *(name for folder in _git_folders(root) for name in _walk(folder))]
    return states.file_states("", dict.fromkeys(names))


def read_settings(root: Path) -> dict[str, FileState | None]:
    """Return the states of the files in which git finds its settings, as the name of whoever commits."""
    own = [str(folder / name) for folder in _git_folders(root) for name in SETTINGS_NAMES]
    return states.file_states("", dict.fromkeys([*_user_settings(), *own]))


def _user_settings() -> list[str]:
    named = [os.environ.get(name, "") for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")]
    home = os.environ.get("XDG_CONFIG_HOME", "")
    settings = [*USER_SETTINGS, *filter(None, named), *([os.path.join(home, "git/config")] if home else [])]
    return [*map(os.path.expanduser, settings)]


def read_history(root: Path) -> list[object] | None:
    """Return what changes when HEAD moves or history is fetched; None outside of a repository."""
    folder = files.git_folder(root)
    if folder is None:
        return None
    common = files.common_git_folder(folder)
    head = _read_text(folder / "HEAD")
    branch = _read_text(common / head.removeprefix("ref: ").strip()) if head.startswith("ref: ") else ""
    names = [str(common / name) for name in ("packed-refs", "shallow", "info/grafts")]
    names += [str(place / name) for place in _submodule_places(root) for name in SUBMODULE_NAMES]
    return [head, branch, *states.file_states("", names).values()]


def read_branches(root: Path) -> dict[str, FileState | None]:
    """Return the states of the files that say where the local branches are; none outside of a repository."""
    folder = files.git_folder(root)
    if folder is None:
        return {}
    common = files.common_git_folder(folder)
    names = [str(common / name) for name in ("packed-refs", "reftable/tables.list")]
    return states.file_states("", [*names, *_walk(common / "refs" / "heads")])


def _read_text(path: Path) -> str:
    content = files.read(path.parent, path.name)
    return os.fsdecode(content) if isinstance(content, bytes) else ""


def _git_folders(root: Path) -> Iterable[Path]:
    """Return the folders of the repository around a folder: a linked work tree has one of its own beside the common."""
    own = files.git_folder(root)
    if own is None:
        return [folder for folder in (root, *root.parents) if (folder / "HEAD").exists()]  # without a work tree
    folders = [files.git_root(root) / ".git", own, files.common_git_folder(own)]
    inner = (place for place in _submodule_places(root) if not any(folder in place.parents for folder in folders))
    return dict.fromkeys((*folders, *inner))


def _submodule_places(root: Path) -> list[Path]:
    """The folders of git of the submodules around a folder; for one that is not here, where it would be."""
    top = files.git_root(root)
    places = [top / folder for folder in files.submodule_folders(top)]
    return [(files.git_folder(place) if (place / ".git").exists() else None) or place / ".git" for place in places]


def _walk(folder: Path) -> Iterator[str]:
    yield str(folder)
    for path, folders, names in os.walk(folder):
        inner = path.removeprefix(str(folder)).split(os.sep)
        if "refs" not in inner:  # a branch may have any name
            folders[:] = [name for name in folders if name not in IRRELEVANT_FOLDERS]
            if "objects" in folders:
                folders.remove("objects")
                objects = os.path.join(path, "objects")
                yield from (objects, *(os.path.join(objects, name) for name in sorted(os.listdir(objects))))
        yield from (os.path.join(path, name) for name in sorted(names) if not name.endswith(".lock"))


def includes_settings(names: Iterable[str]) -> bool:
    """Whether some of these files are settings of git that include further files, whose states nobody knows."""
    contents = (files.read(Path(), name) for name in names if os.path.basename(name) in SETTINGS_NAMES)
    return any(b"include" in content.lower() for content in contents if isinstance(content, bytes))
