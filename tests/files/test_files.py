"""Files on a real disk: roots, links, permissions, sizes, and replacing a file as a whole."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from okrctl import files
from okrctl.files import lock
from okrctl.values.diagnostic import FileProblem
from okrctl.values.errors import OkrctlError

INCLUDE = ["okrs/**/*.y{a,}ml", "kpis/**/*.y{a,}ml"]

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs the permissions and links of POSIX")
no_root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="permissions do not bind root")


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def found(root: Path, include: list[str] = INCLUDE, exclude: list[str] | None = None) -> dict[str, str]:
    """Each path with the text of its file, or what is wrong with it."""
    read = list(files.read_workspace(root, include, exclude or []))
    assert [path for path, _ in read] == sorted(path for path, _ in read)
    return {path: f"{it.code}: {it.message}" if isinstance(it, FileProblem) else it.decode() for path, it in read}


# Finding and reading


def test_find_by_patterns_in_order(tmp_path: Path) -> None:
    put(tmp_path, "okrs/b.yaml", "okrs/a.yml", "okrs/x/y/z.yaml", "kpis/k.yaml")
    put(
        tmp_path, "okrs/notes.md", "okrs/a.yaml.bak", "other/a.yaml", "okrs.yaml", "okrs/.hidden.yaml", "okrs/.x/a.yaml"
    )
    (tmp_path / "okrs" / "folder.yaml").mkdir()
    names = ["kpis/k.yaml", "okrs/a.yml", "okrs/b.yaml", "okrs/x/y/z.yaml"]
    folder = {"okrs/folder.yaml": "OKR009: a folder with the name of a file"}
    assert found(tmp_path) == {name: name for name in names} | folder


def test_excluded_files_and_folders(tmp_path: Path) -> None:
    put(tmp_path, "okrs/a.yaml", "okrs/old/b.yaml", "okrs/x/old/c.yaml", "okrs/x/d.draft.yaml")
    assert list(found(tmp_path, exclude=["okrs/old"])) == ["okrs/a.yaml", "okrs/x/d.draft.yaml", "okrs/x/old/c.yaml"]
    assert list(found(tmp_path, exclude=["**/old/**", "**/*.draft.*"])) == ["okrs/a.yaml"]


def test_empty_folder(tmp_path: Path) -> None:
    assert found(tmp_path) == {}
    assert found(tmp_path / "nowhere", include=["okrs/*"]) == {".": "OKR009: there is no such file"}


def test_large_files_are_not_read(tmp_path: Path) -> None:
    put(tmp_path, "okrs/a.yaml", "okrs/b.yaml")
    for name, size in (("a", files.MAX_BYTES), ("b", files.MAX_BYTES + 1)):
        with (tmp_path / f"okrs/{name}.yaml").open("wb") as file:
            file.truncate(size)
    right, wrong = files.read_workspace(tmp_path, INCLUDE)
    assert isinstance(right[1], bytes) and len(right[1]) == files.MAX_BYTES
    assert isinstance(wrong[1], FileProblem) and "too large: 10,000,001 bytes" in wrong[1].message


@posix
def test_links_outside_the_workspace_are_reported(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    put(root, "okrs/a.yaml")
    put(outside, "secret.yaml")
    (root / "okrs" / "file.yaml").symlink_to(outside / "secret.yaml")
    (root / "okrs" / "folder").symlink_to(outside)
    (root / "okrs" / "notes.txt").symlink_to(outside / "secret.yaml")
    (root / "okrs" / "nowhere.yaml").symlink_to("gone.yaml")
    out = "OKR009: the link points outside the workspace"
    assert found(root) == {
        "okrs/a.yaml": "okrs/a.yaml",
        "okrs/file.yaml": out,
        "okrs/folder": out,
        "okrs/nowhere.yaml": "OKR009: there is no such file",
    }


@posix
def test_links_inside_are_followed_once(tmp_path: Path) -> None:
    put(tmp_path, "okrs/a.yaml", "shared/teams/s.yaml")
    (tmp_path / "okrs" / "loop").symlink_to(tmp_path / "okrs")
    (tmp_path / "okrs" / "top").symlink_to(tmp_path)
    (tmp_path / "okrs" / "again.yaml").symlink_to("a.yaml")
    (tmp_path / "okrs" / "self.yaml").symlink_to("self.yaml")
    (tmp_path / "okrs" / "shared").symlink_to(tmp_path / "shared")
    (tmp_path / "shared" / "teams" / "back").symlink_to(tmp_path / "shared")
    (tmp_path / "okrs" / "one.yaml").symlink_to(tmp_path / "shared" / "teams" / "s.yaml")
    read = found(tmp_path)
    assert "self.yaml" in " ".join(read) and read.pop("okrs/self.yaml").startswith("OKR009")
    assert read == {"okrs/a.yaml": "okrs/a.yaml", "okrs/one.yaml": "shared/teams/s.yaml"}


@posix
def test_workspace_behind_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real", "okrs/a.yaml")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert found(tmp_path / "link") == {"okrs/a.yaml": "okrs/a.yaml"}


@posix
def test_pipes_do_not_block(tmp_path: Path) -> None:
    put(tmp_path, "okrs/a.yaml")
    os.mkfifo(tmp_path / "okrs" / "pipe.yaml")
    assert found(tmp_path) == {"okrs/a.yaml": "okrs/a.yaml", "okrs/pipe.yaml": "OKR009: not a regular file"}
    it = files.read(tmp_path, "okrs/pipe.yaml")
    assert isinstance(it, FileProblem) and it.code == "OKR009"


@posix
@no_root
def test_unreadable_files_are_reported(tmp_path: Path) -> None:
    put(tmp_path, "okrs/a.yaml", "okrs/b.yaml", "okrs/locked/c.yaml")
    (tmp_path / "okrs" / "b.yaml").chmod(0)
    (tmp_path / "okrs" / "locked").chmod(0)
    try:
        read = found(tmp_path)
    finally:
        (tmp_path / "okrs" / "locked").chmod(0o700)
    no = "OKR009: no permission to read the file"
    assert read == {"okrs/a.yaml": "okrs/a.yaml", "okrs/b.yaml": no, "okrs/locked": no}


def test_permission_error_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert files.read(tmp_path, "a.yaml")[:2] == ("OKR009", "no permission to read the file")


def test_name_that_is_not_unicode(tmp_path: Path) -> None:
    try:
        (tmp_path / "okrs").mkdir()
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), b"okrs/\xff.yaml"))).write_text("x")
    except (OSError, UnicodeError):
        pytest.skip("the file system takes only Unicode")
    assert found(tmp_path) == {"okrs/\udcff.yaml": "x"}


# Writing


def test_write_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old\r\n")
    files.write_atomically(path, b"new\r\n", b"old\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert os.listdir(tmp_path) == ["a.yaml"]


def test_write_creates_the_folder(tmp_path: Path) -> None:
    files.write_atomically(tmp_path / "new" / "a.yaml", b"x", None)
    assert (tmp_path / "new" / "a.yaml").read_bytes() == b"x"


@pytest.mark.parametrize(("now", "expected"), [(b"theirs", b"old"), (b"theirs", None), (None, b"old")])
def test_write_rejects_a_changed_file(now: bytes | None, expected: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    if now is not None:
        path.write_bytes(now)
    with pytest.raises(OkrctlError, match="changed in the meantime"):
        files.write_atomically(path, b"ours", expected)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == ({"a.yaml": now} if now else {})


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failed_write_leaves_no_file(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.yaml").write_bytes(b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OkrctlError, match="No space left on device"):
        files.write_atomically(tmp_path / "a.yaml", b"new", b"old")
    assert os.listdir(tmp_path) == ["a.yaml"]
    assert (tmp_path / "a.yaml").read_bytes() == b"old"


@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_permissions_are_kept(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old")
    path.chmod(mode)
    files.write_atomically(path, b"new", b"old")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
def test_new_file_has_default_permissions(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        files.write_atomically(tmp_path / "a.yaml", b"new", None)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.yaml").stat().st_mode) == 0o640


@posix
def test_links_are_kept(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(b"old")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    files.write_atomically(tmp_path / "link.yaml", b"new", b"old")
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == b"new"


def test_write_output_to_files_and_devices(tmp_path: Path) -> None:
    files.write_output(tmp_path / "page", b"1")
    files.write_output(tmp_path / "page", b"2")
    assert (tmp_path / "page").read_bytes() == b"2"
    files.write_output(Path(os.devnull), b"3")
    with pytest.raises(OkrctlError):
        files.write_output(tmp_path, b"4")


# The lock


@pytest.mark.parametrize("git", [True, False])
def test_lock_is_exclusive(git: bool, tmp_path: Path) -> None:
    if git:
        (tmp_path / ".git").mkdir()
    with lock.lock(tmp_path):
        with pytest.raises(OkrctlError, match="another okrctl"), lock.lock(tmp_path):
            pass
        with lock.lock(tmp_path.parent):
            pass
    with lock.lock(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ([".git"] if git else [])


def test_lock_ends_with_the_process(tmp_path: Path) -> None:
    code = "import os, sys; from pathlib import Path; from okrctl.files import lock\n"
    code += "with lock.lock(Path(sys.argv[1])): os._exit(9)"
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2], timeout=60)
    assert ended.returncode == 9
    with lock.lock(tmp_path):
        pass


def test_no_cache_and_lock_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    assert files.cache_dir() is None
    with lock.lock(tmp_path):
        pass


def test_cache_folder_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert files.cache_dir() == tmp_path / "okrctl"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/invalid")
    home = files.cache_dir()
    assert home is not None and home.is_absolute() and home.name in ("okrctl", "cache")


def test_append(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    files.append(path, b"one\n")
    files.append(path, b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"
    with pytest.raises(OkrctlError, match="cannot write"):
        files.append(tmp_path, b"x")


def test_git_root(tmp_path: Path) -> None:
    inner = tmp_path / "goals" / "okrs"
    inner.mkdir(parents=True)
    assert files.git_root(inner) == inner
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    assert files.git_root(inner) == tmp_path


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc to count open files in")
def test_a_folder_in_place_of_a_file_is_closed_again(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    before = len(os.listdir("/proc/self/fd"))
    assert isinstance(files.read(tmp_path, "a.yaml"), FileProblem)
    assert len(os.listdir("/proc/self/fd")) == before


# Temporary files


@posix
def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    for number in (0, 1):
        (tmp_path / f".okrctl-a.yaml.{number}.tmp").write_bytes(b"half")
    files.write_atomically(tmp_path / "a.yaml", b"new", None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".okrctl-a.yaml.1.tmp", "a.yaml"]
    files.remove_temporary_files(tmp_path / "a.yaml")
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


@posix
def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    busy = tmp_path / ".okrctl-a.yaml.0.tmp"
    with busy.open("wb") as file:
        assert files.lock_descriptor(file.fileno())
        files.remove_temporary_files(tmp_path / "a.yaml")
        files.write_atomically(tmp_path / "a.yaml", b"new", None)
        assert sorted(path.name for path in tmp_path.iterdir()) == [busy.name, "a.yaml"]


@posix
def test_planted_names_are_neither_followed_nor_opened(tmp_path: Path) -> None:
    put(tmp_path, "outside")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".okrctl-a.yaml.0.tmp").symlink_to(tmp_path / "outside")
    (tmp_path / "w" / ".okrctl-a.yaml.1.tmp").mkdir()
    os.mkfifo(tmp_path / "w" / ".okrctl-a.yaml.2.tmp")
    os.link(tmp_path / "outside", tmp_path / "w" / ".okrctl-a.yaml.3.tmp")
    files.write_atomically(tmp_path / "w" / "a.yaml", b"new", None)
    assert (tmp_path / "outside").read_bytes() == b"outside"
    assert (tmp_path / "w" / "a.yaml").read_bytes() == b"new"
    assert len(list((tmp_path / "w").iterdir())) == 4


def test_a_name_as_long_as_the_system_allows(tmp_path: Path) -> None:
    name = "a" * 250 + ".yaml"
    files.write_atomically(tmp_path / name, b"new", None)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_git_keeps_what_it_was_told_to_ignore(tmp_path: Path) -> None:
    put(tmp_path, "info/exclude")
    (tmp_path / "info" / "exclude").write_bytes(b"*.log\n\xff")
    files.ignore_temporary_files(tmp_path)
    files.ignore_temporary_files(tmp_path)
    assert (tmp_path / "info" / "exclude").read_bytes() == b"*.log\n\xff\n.okrctl-*.tmp\n"
