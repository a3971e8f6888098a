"""Compares two states of a workspace in meaning: what was added, removed or changed, and whether it became easier."""

from okrctl.changes.change import Change, Effect
from okrctl.changes.comparing import compare, compare_node

__all__ = ["Change", "Effect", "compare", "compare_node"]
