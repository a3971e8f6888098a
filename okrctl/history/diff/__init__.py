"""Comparison of two states of a workspace: what was added, removed or changed, and whether goals got easier."""

from okrctl.history.diff.change import Change, Comparison
from okrctl.history.diff.compare import compare, compare_node
from okrctl.measures.measure import Effect

__all__ = ["Change", "Comparison", "Effect", "compare", "compare_node"]
