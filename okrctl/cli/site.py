"""Puts the pages of a site into a folder, and touches nothing in it that okrctl did not write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from okrctl import files
from okrctl.values.errors import OkrctlError

MARKER = ".okrctl-site"
HEAD = "# Pages that `okrctl report --site` wrote and may replace or delete:\n"
OTHER = "name an empty folder, or one that holds a site of okrctl"


def place(folder: Path, pages: Mapping[str, bytes]) -> None:
    """Write all pages, each as a whole or not at all, then delete the site's own that are no longer among them.

    The marker names old and new pages before the first is written, so that a run that broke off can be repeated.
    OkrctlError where the folder holds a file in the way that is not the site's own, or a link leads out of it.
    """
    try:
        own = _own(folder)
        for path in pages:
            _check(folder, path, own)
        kept = {path for path in own if _within(folder, path)}
        _write(folder, MARKER, _marker(kept | pages.keys()))
        for path, data in pages.items():
            _write(folder, path, data)
        for path in sorted(kept - pages.keys()):
            (folder / path).unlink(missing_ok=True)
        _write(folder, MARKER, _marker(pages.keys()))
    except OSError as error:
        raise OkrctlError(f"cannot write {folder}: {error.strerror or error}", "see its permissions") from error


def _own(folder: Path) -> set[str]:
    """The pages of the site that is there; OkrctlError for a folder with anything but a site in it."""
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise OkrctlError(f"{folder} is no folder", OTHER)
    marker = folder / MARKER
    if marker.is_symlink():
        raise OkrctlError(f"{marker} is a link", OTHER)
    if not marker.is_file():
        if any(folder.iterdir()):
            raise OkrctlError(f"{folder} holds files that are not a site of okrctl", OTHER)
        return set()
    lines = marker.read_text("utf-8", "replace").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def _check(folder: Path, path: str, own: set[str]) -> None:
    place = folder / path
    if place.is_symlink() or not _within(folder, path):
        raise OkrctlError(f"{place} is a link, or lies behind one", OTHER)
    if place.exists() and path not in own:
        raise OkrctlError(f"{place} is there and not of this site", "move it, or name another folder")


def _within(folder: Path, path: str) -> bool:
    """Whether a path leads below the folder and nowhere else; whoever edited the marker may have written anything."""
    top, inner = os.path.realpath(folder), os.path.realpath(folder / path)
    plain = not os.path.isabs(path) and ".." not in Path(path).parts
    return plain and inner == os.path.join(top, os.path.normpath(path))


def _write(folder: Path, path: str, data: bytes) -> None:
    place = folder / path
    before = place.read_bytes() if place.is_file() else None
    if before != data:
        files.write_atomically(place, data, before)


def _marker(paths: Iterable[str]) -> bytes:
    return (HEAD + "".join(f"{path}\n" for path in sorted(paths))).encode()
