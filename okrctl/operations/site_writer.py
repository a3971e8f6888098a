"""Puts the pages of a site into a folder, and touches nothing in it that okrctl did not write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from okrctl import files
from okrctl.values.errors import OkrctlError

MARKER = ".okrctl-site"
MARKER_HEADING = "# Pages that `okrctl report --site` wrote and may replace or delete:\n"
FOLDER_HINT = "name an empty folder, or one that holds a site of okrctl"


def write_site(folder: Path, pages: Mapping[str, bytes]) -> None:
    """Write all pages, each as a whole or not at all, then delete the site's own that are no longer among them.

    The marker names old and new pages before the first is written, so that a run that broke off can be repeated.
    OkrctlError where the folder holds a file in the way that is not the site's own, or a link leads out of it.
    """
    try:
        own = _own_pages(folder)
        for path in pages:
            _require_own(folder, path, own)
        kept = {path for path in own if _is_within(folder, path)}
        _write_page(folder, MARKER, _marker_content(kept | pages.keys()))
        for path, data in pages.items():
            _write_page(folder, path, data)
        for path in sorted(kept - pages.keys()):
            (folder / path).unlink(missing_ok=True)
        _write_page(folder, MARKER, _marker_content(pages.keys()))
    except OSError as error:
        raise OkrctlError(f"cannot write {folder}: {error.strerror or error}", "see its permissions") from error


def _own_pages(folder: Path) -> set[str]:
    """The pages of the site that is there; OkrctlError for a folder with anything but a site in it."""
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise OkrctlError(f"{folder} is no folder", FOLDER_HINT)
    marker = folder / MARKER
    if marker.is_symlink():
        raise OkrctlError(f"{marker} is a link", FOLDER_HINT)
    if not marker.is_file():
        if any(folder.iterdir()):
            raise OkrctlError(f"{folder} holds files that are not a site of okrctl", FOLDER_HINT)
        return set()
    lines = marker.read_text("utf-8", "replace").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def _require_own(folder: Path, path: str, own: set[str]) -> None:
    place = folder / path
    if place.is_symlink() or not _is_within(folder, path):
        raise OkrctlError(f"{place} is a link, or lies behind one", FOLDER_HINT)
    if place.exists() and path not in own:
        raise OkrctlError(f"{place} is there and not of this site", "move it, or name another folder")


def _is_within(folder: Path, path: str) -> bool:
    """Whether a path leads below the folder and nowhere else; whoever edited the marker may have written anything."""
    top, inner = os.path.realpath(folder), os.path.realpath(folder / path)
    plain = not os.path.isabs(path) and ".." not in Path(path).parts
    return plain and inner == os.path.join(top, os.path.normpath(path))


def _write_page(folder: Path, path: str, data: bytes) -> None:
    place = folder / path
    before = place.read_bytes() if place.is_file() else None
    if before != data:
        files.write_atomically(place, data, before)


def _marker_content(paths: Iterable[str]) -> bytes:
    return (MARKER_HEADING + "".join(f"{path}\n" for path in sorted(paths))).encode()
