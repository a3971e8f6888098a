"""Comparison of two states of a workspace: what was added, removed or changed, and whether goals got easier."""

from okrctl.history.diff.change import Change, Comparison, Effect
from okrctl.history.diff.compare import compare, compare_node

__all__ = ["Change", "Comparison", "Effect", "compare", "compare_node"]
