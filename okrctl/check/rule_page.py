"""Reads the page of a rule out of its docstring, and finds rules by what people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import dedent
from typing import NamedTuple

from okrctl.check.rule import Rule
from okrctl.check.rules import RULES
from okrctl.schema.settings import Config
from okrctl.values import suggestions
from okrctl.values.diagnostic import Severity
from okrctl.values.errors import OkrctlError

LIST_HINT = "`okrctl explain rules` lists them"
_CODE_PREFIX = re.compile(r"OKR\d{0,3}\Z", re.IGNORECASE)
_EXAMPLE = re.compile(r"^(\w[\w ]*):\n\n?((?:(?:    .*)?\n)+)", re.MULTILINE)


class RulePage(NamedTuple):
    """What a rule says of itself: one sentence, the paragraphs behind it, and YAML texts with their labels."""

    code: str
    name: str
    summary: str
    paragraphs: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]


class RuleEntry(NamedTuple):
    """A rule's page with the severity that it has in a workspace."""

    page: RulePage
    severity: Severity


@dataclass(frozen=True)
class Rulebook:
    """All rules in the order of their codes, with the profile that the severities come from."""

    rules: tuple[RuleEntry, ...]
    profile: str


def build_entry(rule: Rule, config: Config) -> RuleEntry:
    """A rule as a workspace with these settings has it."""
    return RuleEntry(parse_page(rule), rule.severity_in(config))


def build_rulebook(config: Config) -> Rulebook:
    """All rules as a workspace with these settings has them."""
    return Rulebook(tuple(build_entry(rule, config) for rule in RULES), config.profile)


def parse_page(rule: Rule) -> RulePage:
    """The page of a rule; lines of a paragraph are joined."""
    text = dedent(rule.doc).strip() + "\n"
    prose = [" ".join(part.split()) for part in _EXAMPLE.sub("", text).split("\n\n") if part.strip()]
    examples = tuple((found[1], dedent(found[2]).strip("\n") + "\n") for found in _EXAMPLE.finditer(text))
    return RulePage(rule.code, rule.name, prose[0], tuple(prose[1:]), examples)


def find_rule(word: str) -> Rule | None:
    """The rule of this code or name, in any case; underscores do for dashes."""
    folded = word.casefold().replace("_", "-")
    return next((rule for rule in RULES if folded in (rule.code.casefold(), rule.name)), None)


def rule_names() -> list[str]:
    """The name of every rule, in the order of their codes."""
    return [rule.name for rule in RULES]


def closest_rule_name(word: str) -> str | None:
    """The name of the rule that may be meant by a word that is neither."""
    return suggestions.find_closest(word.replace("_", "-"), rule_names())


def parse_codes(words: Iterable[str]) -> frozenset[str]:
    """The codes of rules by code, by the beginning of a code such as OKR2, or by name; OkrctlError for any other."""
    found: set[str] = set()
    for word in words:
        rule = find_rule(word)
        family = [one.code for one in RULES if _CODE_PREFIX.match(word) and one.code.startswith(word.upper())]
        if rule is None and not family:
            meant = closest_rule_name(word)
            raise OkrctlError(f"there is no rule '{word}'", f"did you mean '{meant}'?" if meant else LIST_HINT)
        found.update([rule.code] if rule else family)
    return frozenset(found)
