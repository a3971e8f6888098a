"""Mends what rules know how to mend, and suppresses findings with comments: texts in, texts out."""

from __future__ import annotations

from okrctl.check.fixes.fix import apply_fixes
from okrctl.check.fixes.replacements import CheckTexts, FixResult
from okrctl.check.fixes.suppress import suppress_findings

__all__ = ["CheckTexts", "FixResult", "apply_fixes", "suppress_findings"]
