"""Every rule is listed, and its page is true: the bad example is found, the good one is not."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest

from okrctl.check import rules
from okrctl.check.profiles import PROFILES
from okrctl.check.rule_page import parse_page
from okrctl.values.diagnostic import SEVERITIES
from tests.check.rules.pages import check, compared, files_of, review

FOLDER = Path(rules.__file__).parent
LOOKS = ("file", "objective", "key_result", "kpi", "workspace", "scorecard", "change")
BY_CHECKING = ("OKR011", "OKR012")  # what is left once all others have spoken
BY_NAME = {rule.NAME: rule for rule in rules.RULES}


def names_a_code(path: Path) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    return any(isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "CODE" for node in tree.body)


def test_every_file_is_registered() -> None:
    files = {path.stem for path in FOLDER.glob("*.py") if names_a_code(path)}
    assert files == {rule.__name__.rpartition(".")[2] for rule in rules.RULES}


def test_codes_and_names_are_unique_and_in_order() -> None:
    codes = [rule.CODE for rule in rules.RULES]
    assert codes == sorted(set(codes))
    assert len(BY_NAME) == len(rules.RULES)


def test_profiles_speak_of_rules_and_known_severities() -> None:
    for profile in PROFILES.values():
        assert set(profile.values()) <= set(SEVERITIES)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.NAME)
def test_a_rule_has_its_constants(rule: ModuleType) -> None:
    assert re.fullmatch(r"OKR[0-7][0-9]{2}", rule.CODE)
    assert rule.NAME.replace("-", "_") == rule.__name__.rpartition(".")[2]
    assert rule.SEVERITY in SEVERITIES
    assert rule.LOOKS_AT in LOOKS
    assert hasattr(rule, "check") or hasattr(rule, "across") or rule.CODE in BY_CHECKING


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.NAME)
def test_the_page_is_true(rule: ModuleType) -> None:
    assert parse_page(rule).summary.startswith("Finds ")
    examples = dict(parse_page(rule).examples)
    switched = f"rules: {{{rule.NAME}: {'warning' if rule.SEVERITY == 'ignore' else rule.SEVERITY}}}\n"
    for which, expected in (("Bad", {rule.CODE}), ("Good", set[str]())):
        settings = "" if "rules:" in examples[which] else switched
        files = files_of(examples[which])
        diagnostics = compared(examples[which], settings) if rule.LOOKS_AT == "change" else check(files, settings)
        if rule.LOOKS_AT == "scorecard":
            diagnostics += review(files, settings)
        codes = {one.code for one in diagnostics}
        said = "\n".join(f"{one.path}:{one.span.line} {one.code} {one.message}" for one in diagnostics)
        assert codes & {rule.CODE} == expected, f"{which}: {said}"
        assert not [one for one in diagnostics if one.severity == "error" and one.code != rule.CODE], said
