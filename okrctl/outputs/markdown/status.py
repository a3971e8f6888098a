"""The weekly look as Markdown, for a chat."""

from __future__ import annotations

from okrctl.analysis.attention import Attention, Weekly
from okrctl.outputs.markdown.text import code, plain
from okrctl.outputs.text import scorecard


def page(result: Weekly) -> str:
    """A heading for each period, then a list, the worst first."""
    heads = []
    for card in result.cards:
        score = f"{scorecard.score(card.score)}{f' {card.band}' if card.band else ''}"
        counted = scorecard.measured(card.measured, card.key_results)
        heads.append(f"**{plain(card.period.id)}**, {scorecard.when(card)}: {score}, {counted}")
    found = [_line(one) for one in result.attention] or [f"Nothing needs a person on {result.as_of}."]
    below = [plain(line) for line in result.lines]
    return "\n\n".join(["  \n".join(heads), "\n".join(found), *below]).lstrip() + "\n"


def _line(one: Attention) -> str:
    owner = f", {plain(one.owner)}" if one.owner else ""
    return f"- **{plain(one.status)}** {plain(one.title)} ({code(one.ref)}{owner}): {plain(one.why)} → {code(one.next)}"
