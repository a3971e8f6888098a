"""Whether a scorecard is bad enough for a command to exit with 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from okrctl.scoring.scorecard import Scorecard
from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError

FAIL_IF_STATUSES = (
    "at-risk", "no-data", "error", "behind", "stale", "starting", "on-track", "not-started", "missed", "succeeded",
    "achieved", "broken",
)  # fmt: skip


def line_statuses(cards: Iterable[Scorecard]) -> Iterator[str]:
    """The status of every line, in the words of the command line; a guardrail out of bounds is `broken` too."""
    for card in cards:
        for objective in card.objectives:
            yield _option_word(objective.status)
            for key_result in objective.key_results:
                yield _option_word(key_result.status)
                if key_result.broken and key_result.state == "active":
                    yield "broken"


def _option_word(status: str | None) -> str:
    return (status or "").replace(" ", "-")


def parse_fail_if(words: list[str] | None, known: tuple[str, ...] = FAIL_IF_STATUSES) -> frozenset[str]:
    """The statuses that `--fail-if` names. Raises OkrctlError for an unknown one."""
    requested = [word.strip() for part in words or () for word in part.split(",")]
    for word in requested:
        if word not in known:
            guess = suggestions.did_you_mean(suggestions.find_closest(word, known))
            raise OkrctlError(f"unknown status '{word}' for --fail-if{guess}", f"choose one of {', '.join(known)}")
    return frozenset(requested)


def exceeds_threshold(
    cards: Iterable[Scorecard], fail_under: Fraction | None, statuses: frozenset[str], with_teams: bool
) -> bool:
    """Whether a score is below `fail_under`, the period's or that of a team shown, or a line has such a status."""
    shown = list(cards)
    scores = (scored.score for card in shown for scored in (card.teams if with_teams else [card]))
    is_under = fail_under is not None and any(score is not None and score < fail_under for score in scores)
    return is_under or not statuses.isdisjoint(line_statuses(shown))
