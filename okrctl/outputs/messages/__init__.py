"""A digest as a message: a heading and sections of lines in plain words, which each format escapes for itself.

What does not fit into a format is left out from the end of each list, which then says how many more there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from okrctl.analysis.digest import Digest, DigestItem
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import KeyResultScore, Scorecard, TeamScore
from okrctl.values.nouns import count_noun

MAX_TITLE, MAX_TEXT = 120, 280
LENGTHS = (100, 50, 30, 20, 15, 10, 7, 5, 3, 2, 1)
STATUSES = ("at risk", "error", "no data", "behind", "stale", "starting", "on track", "achieved")
GUARDRAIL_STATUSES = ("broken", "in bounds, stale", "in bounds")
NOTHING = "Nothing moved, and nothing needs attention."
ZERO_WIDTH_SPACE = "\u200b"
_MENTION = re.compile(r"([@<])(?=\S)")
T = TypeVar("T")


class Line(NamedTuple):
    """One line of a list; the command is empty where there is none to run."""

    status: str
    title: str
    text: str
    command: str = ""


class Section(NamedTuple):
    """A list with its heading; `more` lines are left out."""

    title: str
    lines: list[Line]
    more: int = 0

    @property
    def rest(self) -> str:
        """The words for what is left out, empty for nothing."""
        return f"and {self.more} more" if self.more else ""


class Message(NamedTuple):
    """A message: its title, lines on the periods, the sections, and notes below."""

    title: str
    heads: list[str]
    sections: list[Section]
    notes: list[str]


def build_message(digest: Digest, most: int = LENGTHS[0]) -> Message:
    """The message of a digest with at most so many lines in each list."""
    since = scorecard.short_day(digest.since, digest.as_of)
    lists = (
        (f"Moved since {since}", digest.moved),
        ("Needs you" if digest.owners else "Needs attention", digest.attention),
        ("Due", digest.due),
        ("Decided", digest.decided),
        ("KPIs", digest.kpis),
        ("Not addressed by any objective", digest.unaddressed),
    )
    sections = [
        Section(title, [_line(item) for item in items[:most]], max(len(items) - most, 0))
        for title, items in lists
        if items
    ]
    notes = [_clip(note, MAX_TEXT) for note in digest.notes]
    return Message(_title(digest), _heads(digest), sections, notes if sections else [NOTHING, *notes])


def longest_fitting(digest: Digest, render: Callable[[Message], T], fits: Callable[[T], bool]) -> T:
    """The rendered message with the longest lists that fit, in the worst case with one line each."""
    for most in LENGTHS:
        rendered = render(build_message(digest, most))
        if fits(rendered):
            break
    return rendered


def defuse(text: str) -> str:
    """Text in which nothing is a mention: an invisible space stands behind `@` and `<`."""
    return _MENTION.sub(rf"\1{ZERO_WIDTH_SPACE}", text)


def _clip(text: str, most: int) -> str:
    shown = sanitize(text)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def _title(digest: Digest) -> str:
    names = [digest.owner_name(name) for name in (*digest.owners, *digest.teams)]
    subject = ", ".join(names) or digest.organisation or ""
    days = f"{scorecard.short_day(digest.since, digest.as_of)} to {scorecard.short_day(digest.as_of, digest.as_of)}"
    return f"{_clip(f'Digest for {subject}' if subject else 'Digest', MAX_TITLE)}, {days}"


def _heads(digest: Digest) -> list[str]:
    heads = []
    for card in digest.cards:
        heads.append(
            f"{sanitize(card.period.id)}, {scorecard.period_state(card).removeprefix('running, ')}: {_pace(card)}"
        )
        for team in card.teams if digest.teams else ():
            if team.team in digest.teams:
                heads.append(f"{_clip(scorecard.team_name(team), MAX_TITLE)}: {_pace(team)}")
    if digest.owners or digest.teams or len(digest.cards) > 1:
        heads.append(_count(digest.results))
    return heads or ["No period is running."]


def _pace(scored: Scorecard | TeamScore) -> str:
    score = scorecard.score(scored.score, scored.precision)
    return f"{scored.pace or 'no score'} ({score}), {scorecard.measured_count(scored)}"


def _count(results: list[KeyResultScore]) -> str:
    """How many key results there are, and how many of each status."""
    counts = Counter(scored.status_word for scored in results)
    parts = [f"{counts[status]} {status}" for status in (*STATUSES, *GUARDRAIL_STATUSES) if counts[status]]
    number = len(results)
    return count_noun(number, "key result") + (f": {', '.join(parts)}" if parts else "")


def _line(item: DigestItem) -> Line:
    return Line(item.status_word, _clip(item.title, MAX_TITLE), _clip(item.text, MAX_TEXT), sanitize(item.next))
