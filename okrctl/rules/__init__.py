"""Every rule of `check`, in the order of their codes."""

from __future__ import annotations

from types import ModuleType

from okrctl.config import Config
from okrctl.diagnostic import Severity
from okrctl.profiles import PROFILES
from okrctl.rules import (
    ambiguous_percent,
    ambiguous_scalar,
    bad_csv,
    bad_guardrail,
    bad_weights,
    cut_by_comment,
    date_outside_period,
    duplicate_id,
    duplicate_key,
    formula_syntax,
    from_equals_to,
    impossible_aggregate,
    initiative_moves_nothing,
    invalid_value,
    missing_baseline,
    missing_key,
    missing_owner,
    no_kpi,
    no_measure,
    no_parent,
    nothing_counted,
    override_without_reason,
    parent_other_period,
    period_path,
    reading_in_future,
    reading_outside_period,
    reference_cycle,
    several_measures,
    source_not_allowed,
    suspicious_fraction,
    undated_done,
    unexplained_state,
    unit_mismatch,
    unknown_ignore,
    unknown_key,
    unknown_kind,
    unknown_owner,
    unknown_reference,
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
    duplicate_id,
    unknown_reference,
    reference_cycle,
    unknown_owner,
    missing_owner,
    parent_other_period,
    no_parent,
    no_kpi,
    initiative_moves_nothing,
    bad_weights,
    period_path,
    date_outside_period,
    source_not_allowed,
    nothing_counted,
    from_equals_to,
    unit_mismatch,
    missing_baseline,
    ambiguous_percent,
    bad_guardrail,
    suspicious_fraction,
    impossible_aggregate,
    formula_syntax,
    reading_in_future,
    reading_outside_period,
    unexplained_state,
    override_without_reason,
)
BY_NAME: dict[str, ModuleType] = {word: rule for rule in RULES for word in (rule.CODE, rule.NAME)}


def severity_of(rule: ModuleType, config: Config) -> Severity:
    """A rule's severity: what the settings say of its name or code, else the profile, else its own."""
    said = config.rules.get(rule.NAME) or config.rules.get(rule.CODE)
    return said or PROFILES[config.profile].get(rule.NAME) or rule.SEVERITY  # type: ignore[return-value]
