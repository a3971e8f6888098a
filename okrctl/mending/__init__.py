"""Mends what rules know how to mend, and suppresses findings with comments: texts in, texts out."""

from __future__ import annotations

from okrctl.mending.change import Check, Mended
from okrctl.mending.fix import mend
from okrctl.mending.suppress import suppress

__all__ = ["Check", "Mended", "mend", "suppress"]
