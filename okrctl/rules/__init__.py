"""Every rule of `check`, in the order of their codes."""

from __future__ import annotations

from types import ModuleType

from okrctl.config import Config
from okrctl.diagnostic import Severity
from okrctl.profiles import PROFILES
from okrctl.rules import (
    ambiguous_scalar,
    bad_csv,
    cut_by_comment,
    duplicate_key,
    invalid_value,
    missing_key,
    missing_owner,
    no_measure,
    several_measures,
    undated_done,
    unknown_ignore,
    unknown_key,
    unknown_kind,
    unreadable_file,
    unused_ignore,
    yaml_syntax,
)

RULES: tuple[ModuleType, ...] = (
    yaml_syntax,
    unknown_key,
    missing_key,
    invalid_value,
    duplicate_key,
    unknown_kind,
    no_measure,
    several_measures,
    unreadable_file,
    ambiguous_scalar,
    unused_ignore,
    unknown_ignore,
    cut_by_comment,
    undated_done,
    bad_csv,
    missing_owner,
)
BY_NAME: dict[str, ModuleType] = {word: rule for rule in RULES for word in (rule.CODE, rule.NAME)}


def severity_of(rule: ModuleType, config: Config) -> Severity:
    """A rule's severity: what the settings say of its name or code, else the profile, else its own."""
    said = config.rules.get(rule.NAME) or config.rules.get(rule.CODE)
    return said or PROFILES[config.profile].get(rule.NAME) or rule.SEVERITY  # type: ignore[return-value]
