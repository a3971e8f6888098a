"""Writes the pages of a site into a folder, and touches no file there that okrctl did not write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from okrctl import files
from okrctl.files import record
from okrctl.values.errors import DiskError, RefusedError

MARKER = ".okrctl-site"
MARKER_HEADING = "# Pages that `okrctl report --site` wrote and may replace or delete:\n"
FOLDER_HINT = "pass an empty folder, or one that contains a site written by okrctl"


def write_site(folder: Path, pages: Mapping[str, bytes]) -> None:
    """Write all pages, each atomically, then delete pages of the site that no longer exist.

    A marker file lists the old and new pages before the first is written, so that an interrupted run can be repeated.
    Raises OkrctlError where a file that does not belong to the site is in the way, or a link leads out of the folder.
    """
    record.note_unknown()
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
        raise DiskError(f"cannot write {folder}: {error.strerror or error}", "check its permissions") from error


def _own_pages(folder: Path) -> set[str]:
    """Return the pages of the existing site; raises OkrctlError for a folder with anything but a site in it."""
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise DiskError(f"{folder} is not a folder", FOLDER_HINT)
    marker = folder / MARKER
    if marker.is_symlink():
        raise RefusedError(f"{marker} is a symbolic link", FOLDER_HINT)
    if not marker.is_file():
        files.remove_temporary_files(marker)  # of a run that was killed before it wrote the first page
        if any(folder.iterdir()):
            raise RefusedError(f"{folder} has files that okrctl did not write", FOLDER_HINT)
        return set()
    lines = marker.read_text("utf-8", "replace").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def _require_own(folder: Path, path: str, own: set[str]) -> None:
    page = folder / path
    if page.is_symlink() or not _is_within(folder, path):
        raise RefusedError(f"{page} is a symbolic link or inside one", FOLDER_HINT)
    if page.exists() and path not in own:
        raise RefusedError(f"{page} exists and is not a page of this site", "move it, or use another folder")


def _is_within(folder: Path, path: str) -> bool:
    """Whether a path leads below the folder; paths in the marker are not trusted, as anyone may have edited it."""
    top, inner = os.path.realpath(folder), os.path.realpath(folder / path)
    plain = not os.path.isabs(path) and ".." not in Path(path).parts
    return plain and inner == os.path.join(top, os.path.normpath(path))


def _write_page(folder: Path, path: str, data: bytes) -> None:
    page = folder / path
    before = page.read_bytes() if page.is_file() else None
    if before != data:
        files.write_atomically(page, data, before)


def _marker_content(paths: Iterable[str]) -> bytes:
    return (MARKER_HEADING + "".join(f"{path}\n" for path in sorted(paths))).encode()
