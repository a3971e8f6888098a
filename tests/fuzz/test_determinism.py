"""Every command gives the same bytes, whatever surrounds the process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repositories import clean_environment

pytestmark = pytest.mark.slow

PLAIN = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
SURROUNDINGS: dict[str, tuple[list[str], dict[str, str]]] = {
    "another hash seed": ([], {"PYTHONHASHSEED": "4242"}),
    "yet another hash seed": ([], {"PYTHONHASHSEED": "99"}),
    "a locale without UTF-8": ([], {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}),
    "a German locale": ([], {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}),
    "the first zone of a day": ([], {"TZ": "Pacific/Kiritimati"}),
    "the last zone of a day": ([], {"TZ": "Etc/GMT+12"}),
    "the parser in Python": (["--pure"], {}),
    "folders in another order": (["--reversed"], {}),
    "two processes": (["--processes", "2"], {}),
    "three processes": (["--processes", "3"], {}),
}


def answers(folder: Path, words: list[str], environment: dict[str, str]) -> dict[str, list[object]]:
    """What every command answers; the folder is a new one of the same name each time, as messages may name it."""
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.fuzz.answers", str(folder), *words],
        env=clean_environment() | PLAIN | environment, cwd=Path(__file__).parents[2], capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    found: dict[str, list[object]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("surroundings") / "box"


@pytest.fixture(scope="module")
def plain(folder: Path) -> dict[str, list[object]]:
    return answers(folder, [], {})


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_every_command_gives_the_same_bytes(folder: Path, plain: dict[str, list[object]], name: str) -> None:
    found = answers(folder, *SURROUNDINGS[name])
    assert found.keys() == plain.keys()
    assert [command for command in found if found[command] != plain[command]] == []


def test_most_commands_do_their_work(plain: dict[str, list[object]]) -> None:
    done = [command for command, answer in plain.items() if answer[0] in (0, 1)]
    assert len(done) > 0.9 * len(plain), sorted(plain.keys() - set(done))
