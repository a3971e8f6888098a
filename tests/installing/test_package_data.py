"""What is built from the sources: the wheel has the package with all its data, the sdist all that its tests need."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from fnmatch import fnmatch
from pathlib import Path

import pytest

from okrctl import __version__
from okrctl.values import addresses

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
BUILD = "from setuptools import build_meta; build_meta.build_wheel('out'); build_meta.build_sdist('out')"
LEFT_OUT = ("__pycache__", "build", "*.egg-info", ".venv*", ".*_cache", ".hypothesis")


def source_files() -> list[str]:
    """The files of the repository; in an unpacked sdist, those that are there."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
        return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    added = ("PKG-INFO", "setup.cfg")  # by building an sdist
    return [path.as_posix() for path in paths if not any(map(_is_left_out, path.parts)) and str(path) not in added]


def _is_left_out(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in LEFT_OUT)


SOURCES = source_files()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel and an sdist of the sources as they lie here."""
    folder = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    ended = subprocess.run([sys.executable, "-c", BUILD], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(built.glob("*.whl")))


def metadata(wheel: zipfile.ZipFile) -> Message:
    return Parser().parsestr(wheel.read(f"okrctl-{__version__}.dist-info/METADATA").decode())


def test_every_data_file_is_packaged() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["okrctl"]
    package = ROOT / "okrctl"
    packaged = {path for pattern in patterns for path in package.glob(pattern) if path.is_file()}
    files = {path for path in package.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert sorted(str(path.relative_to(package)) for path in files - packaged) == []


def test_the_wheel_has_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == {name for name in SOURCES if name.startswith("okrctl/")}
    assert {"okrctl/docs/format.md", "okrctl/text/data/en.txt", "okrctl/templates/html/style.css"} <= names
    assert f"okrctl-{__version__}.dist-info/licenses/LICENSE" in wheel.namelist()


def test_the_wheel_says_where_it_is_from_and_under_which_licence(wheel: zipfile.ZipFile) -> None:
    found = metadata(wheel)
    assert found["License-Expression"] == "MIT"
    assert f"Repository, {addresses.REPOSITORY}" in found.get_all("Project-URL", [])
    assert not [line for line in found.get_all("Classifier", []) if line.startswith("License")]


def test_the_sdist_has_all_sources(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames() if not sdist.getmember(name).isdir()}
    assert sorted(set(SOURCES) - names) == [], "name them in MANIFEST.in"
    more = {name for name in names - set(SOURCES) if ".egg-info/" not in name}
    assert more <= {"PKG-INFO", "setup.cfg"}


def test_the_classifiers_are_what_the_workflow_runs() -> None:
    workflow = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    for classifier in PROJECT["project"]["classifiers"]:
        version = classifier.removeprefix("Programming Language :: Python :: ")
        if version[:2] == "3.":
            assert f'"{version}"' in workflow, classifier
        if classifier.startswith("Operating System"):
            system = classifier.rpartition(" ")[2].replace("Linux", "ubuntu").lower()
            assert f"{system}-latest" in workflow, classifier
