"""What the design asks for and the program does not have yet; turned on together with the program's part."""

from __future__ import annotations

# `pace` and `at_risk` of objectives, teams and periods (scoring.md, "Pace of teams and periods").
WITH_PACE = True

# Milestones with a day of their own (format.md, `milestones`).
WITH_DUE_OF_MILESTONES = True

# The levels of KPIs before a period and at its end, in `impact` (evidence.md, "Verdicts on hypotheses").
WITH_LEVELS = True
