"""Every rule is discovered, and its page is true: the rule finds the bad example and not the good one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from okrctl.check import rules
from okrctl.check.rule import Rule
from okrctl.check.rule_page import parse_page
from okrctl.schema.settings import Profile
from okrctl.values.diagnostic import SEVERITIES
from tests.check.rules.pages import check, compared, files_of, review

FOLDER = Path(rules.__file__).parent


def test_every_module_is_a_rule_with_its_name() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert modules == {rule.name.replace("-", "_") for rule in rules.RULES}


def test_rules_are_in_the_order_of_their_codes() -> None:
    codes = [rule.code for rule in rules.RULES]
    assert codes == sorted(set(codes))
    assert len(rules.BY_NAME) == 2 * len(rules.RULES)


@pytest.mark.parametrize(("code", "name"), [("OKR001", "another-name"), ("OKR099", "yaml-syntax")])
def test_two_rules_with_one_code_or_name_are_an_error(code: str, name: str) -> None:
    copy = replace(rules.BY_NAME["OKR001"], code=code, name=name)
    with pytest.raises(ValueError, match="two rules share the name or code"):
        rules.index_rules([*rules.RULES, copy])


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_a_rule_is_complete(rule: Rule) -> None:
    assert re.fullmatch(r"OKR[0-7][0-9]{2}", rule.code)
    assert {rule.severity, *rule.profiles.values()} <= set(SEVERITIES)
    assert set(rule.profiles) <= set(get_args(Profile)) - {"balanced"}
    assert rule.severity not in rule.profiles.values()
    checks = [name for name in Rule.__slots__ if name.startswith("check_") and getattr(rule, name) is not None]
    assert checks


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_the_page_is_true(rule: Rule) -> None:
    assert parse_page(rule).summary.startswith("Finds ")
    examples = dict(parse_page(rule).examples)
    active = f"rules: {{{rule.name}: {'warning' if rule.severity == 'ignore' else rule.severity}}}\n"
    for label, expected in (("Bad", {rule.code}), ("Good", set[str]())):
        settings = "" if "rules:" in examples[label] else active
        files = files_of(examples[label])
        diagnostics = compared(examples[label], settings) if rule.scope == "changes" else check(files, settings)
        if rule.scope == "outcomes":
            diagnostics += review(files, settings)
        codes = {diagnostic.code for diagnostic in diagnostics}
        listing = "\n".join(f"{one.path}:{one.span.line} {one.code} {one.message}" for one in diagnostics)
        assert codes & {rule.code} == expected, f"{label}: {listing}"
        assert not [one for one in diagnostics if one.severity == "error" and one.code != rule.code], listing
