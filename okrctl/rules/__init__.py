"""Every rule of `check`, in the order of their codes."""

from __future__ import annotations

from types import ModuleType

from okrctl.config import Config
from okrctl.diagnostic import Severity
from okrctl.profiles import PROFILES
from okrctl.rules import missing_owner, yaml_syntax

RULES: tuple[ModuleType, ...] = (
    yaml_syntax,
    missing_owner,
)
BY_NAME: dict[str, ModuleType] = {word: rule for rule in RULES for word in (rule.CODE, rule.NAME)}


def severity_of(rule: ModuleType, config: Config) -> Severity:
    """A rule's severity: what the settings say of its name or code, else the profile, else its own."""
    said = config.rules.get(rule.NAME) or config.rules.get(rule.CODE)
    return said or PROFILES[config.profile].get(rule.NAME) or rule.SEVERITY  # type: ignore[return-value]
