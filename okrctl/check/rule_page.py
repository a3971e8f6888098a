"""Parses the page of a rule from its docstring, and finds rules by code or name."""

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
from okrctl.values.errors import NotFoundError

LIST_HINT = "`okrctl explain rules` lists them"
_CODE_PREFIX = re.compile(r"OKR\d{0,3}\Z", re.IGNORECASE)
_EXAMPLE = re.compile(r"^(\w[\w ]*):\n\n?((?:(?:    .*)?\n)+)", re.MULTILINE)


class RulePage(NamedTuple):
    """The page of a rule: a summary of one sentence, further paragraphs, and labelled examples in YAML."""

    code: str
    name: str
    summary: str
    paragraphs: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]


class RuleEntry(NamedTuple):
    """The page of a rule, and its severity in a workspace."""

    page: RulePage
    severity: Severity


@dataclass(frozen=True)
class Rulebook:
    """All rules in the order of their codes, with the profile that sets their severities."""

    rules: tuple[RuleEntry, ...]
    profile: str


def build_entry(rule: Rule, config: Config) -> RuleEntry:
    """The page of a rule with its severity under these settings."""
    return RuleEntry(parse_page(rule), rule.severity_in(config))


def build_rulebook(config: Config) -> Rulebook:
    """The pages of all rules with their severities under these settings."""
    return Rulebook(tuple(build_entry(rule, config) for rule in RULES), config.profile)


def parse_page(rule: Rule) -> RulePage:
    """Parse the docstring of a rule; the lines of a paragraph are joined."""
    text = dedent(rule.doc).strip() + "\n"
    prose = [" ".join(part.split()) for part in _EXAMPLE.sub("", text).split("\n\n") if part.strip()]
    examples = tuple((match[1], dedent(match[2]).strip("\n") + "\n") for match in _EXAMPLE.finditer(text))
    return RulePage(rule.code, rule.name, prose[0], tuple(prose[1:]), examples)


def find_rule(word: str) -> Rule | None:
    """The rule with this code or name, in upper or lower case, with dashes or underscores."""
    folded = word.casefold().replace("_", "-")
    return next((rule for rule in RULES if folded in (rule.code.casefold(), rule.name)), None)


def rule_names() -> list[str]:
    """The names of all rules, in the order of their codes."""
    return [rule.name for rule in RULES]


def closest_rule_name(word: str) -> str | None:
    """The name of the rule that an unknown word may mean."""
    return suggestions.find_closest(word.replace("_", "-"), rule_names())


def parse_codes(words: Iterable[str]) -> frozenset[str]:
    """The codes of the rules with these codes, names, or prefixes of codes such as OKR2.

    Raises OkrctlError for an unknown word.
    """
    codes: set[str] = set()
    for word in words:
        rule = find_rule(word)
        family = [other.code for other in RULES if _CODE_PREFIX.match(word) and other.code.startswith(word.upper())]
        if rule is None and not family:
            meant = closest_rule_name(word)
            raise NotFoundError(f"there is no rule '{word}'", f"did you mean '{meant}'?" if meant else LIST_HINT)
        codes.update([rule.code] if rule else family)
    return frozenset(codes)
