"""One setting says where the project is, and nothing names another address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from okrctl import __version__
from okrctl.check.rules import RULES
from okrctl.values import addresses

ROOT = Path(__file__).parents[2]
OWN = re.compile(r"https?://[\w.-]+(?:/[\w.-]+)*/okrctl(?![\w-])[^\s\"'`)>\]]*|https?://okrctl\.[^\s\"'`)>\]]+")
ACTION = re.compile(r"uses: ([\w.-]+/okrctl)@(\S+)|okrctl\n +rev: (\S+)")
FOLDERS = ("okrctl", "docs", ".github")
ENDINGS = {".md", ".py", ".yml", ".yaml", ".json", ".toml", ".html", ""}


def shipped() -> list[Path]:
    """The texts that people read or copy."""
    tops = [path for path in ROOT.iterdir() if path.is_file() and path.suffix in ENDINGS]
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [path for path in (*tops, *below) if path.suffix in ENDINGS and "__pycache__" not in path.parts]


TEXTS = {str(path.relative_to(ROOT)): path.read_text("utf-8", "replace") for path in shipped()}


def test_the_project_urls_are_those_of_the_package() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    assert urls["Repository"] == addresses.REPOSITORY
    assert urls["Issues"] == addresses.ISSUES
    assert urls["Documentation"] == f"{addresses.SITE}/"
    assert all(url.startswith((addresses.REPOSITORY, addresses.SITE)) for url in urls.values())


def test_nothing_names_another_address_of_the_project() -> None:
    found = {(name, url) for name, text in TEXTS.items() for url in OWN.findall(text)}
    foreign = [each for each in found if not each[1].startswith((addresses.REPOSITORY, addresses.SITE))]
    assert found and foreign == []
    assert [name for name, text in TEXTS.items() if re.search(r"\bOWNER/", text)] == []


def test_only_one_module_holds_an_address() -> None:
    holders = [name for name, text in TEXTS.items() if name.endswith(".py") and OWN.search(text)]
    assert holders == ["okrctl/values/addresses.py"]


def test_the_manual_names_this_version_of_the_action_and_of_the_hook() -> None:
    place = addresses.REPOSITORY.removeprefix("https://github.com/")
    uses = [found for name, text in TEXTS.items() if name.endswith(".md") for found in ACTION.findall(text)]
    assert len(uses) > 1
    assert {(action, tag) for action, tag, _ in uses if action} == {(place, f"v{__version__}")}
    assert {rev for _, _, rev in uses if rev} == {f"v{__version__}"}


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_the_page_of_a_rule_goes_by_its_code(code: str) -> None:
    assert addresses.rule_url(code) == f"{addresses.SITE}/rules/{code}/"
