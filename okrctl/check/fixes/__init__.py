"""Mends what rules know how to mend, and suppresses findings with comments: texts in, texts out."""

from __future__ import annotations

from okrctl.check.fixes.fix import mend
from okrctl.check.fixes.replacements import Check, Mended
from okrctl.check.fixes.suppress import suppress

__all__ = ["Check", "Mended", "mend", "suppress"]
