"""Decides whether a scorecard is bad enough for a command to end with 1."""

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
            for result in objective.key_results:
                yield _option_word(result.status)
                if result.broken and result.state == "active":
                    yield "broken"


def _option_word(status: str | None) -> str:
    return (status or "").replace(" ", "-")


def parse_fail_if(words: list[str] | None, known: tuple[str, ...] = FAIL_IF_STATUSES) -> frozenset[str]:
    """The statuses that `--fail-if` names; OkrctlError for a word that is none."""
    asked = [word.strip() for part in words or () for word in part.split(",")]
    for word in asked:
        if word not in known:
            guess = suggestions.did_you_mean(suggestions.find_closest(word, known))
            raise OkrctlError(f"--fail-if does not know '{word}'{guess}", f"one of {', '.join(known)}")
    return frozenset(asked)


def exceeds_threshold(cards: Iterable[Scorecard], least: Fraction | None, words: frozenset[str], teams: bool) -> bool:
    """Whether a score is below the least, the period's or that of a team shown, or a line has such a status."""
    shown = list(cards)
    scores = (one.score for card in shown for one in (card.teams if teams else [card]))
    under = least is not None and any(score is not None and score < least for score in scores)
    return under or not words.isdisjoint(line_statuses(shown))
