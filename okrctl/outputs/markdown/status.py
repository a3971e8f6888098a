"""The weekly look as Markdown, for a chat."""

from __future__ import annotations

from okrctl.analysis.attention import AttentionItem, StatusReport
from okrctl.outputs.markdown.text import code_span, escape
from okrctl.outputs.text import scorecard


def page(result: StatusReport) -> str:
    """A heading for each period, then a list, the worst first."""
    heads = []
    for card in result.cards:
        score = f"{scorecard.score(card.score)}{f' {card.band}' if card.band else ''}"
        counted = scorecard.measured_count(card.measured_count, card.key_result_count)
        heads.append(f"**{escape(card.period.id)}**, {scorecard.period_state(card)}: {score}, {counted}")
    found = [_line(one) for one in result.attention] or [f"Nothing needs a person on {result.as_of}."]
    below = [escape(line) for line in result.notes]
    return "\n\n".join(["  \n".join(heads), "\n".join(found), *below]).lstrip() + "\n"


def _line(one: AttentionItem) -> str:
    owner = f", {escape(one.owner)}" if one.owner else ""
    title = f"{escape(one.title)} ({code_span(one.ref)}{owner})"
    return f"- **{escape(one.status)}** {title}: {escape(one.why)} → {code_span(one.next)}"
