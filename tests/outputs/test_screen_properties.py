"""What holds of every screen, whatever the workspace: it fits, it is aligned, it says all in words, its ids lead on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from okrctl import scoring
from okrctl.analysis.attention import StatusReport, attention_items
from okrctl.outputs.terminal import TerminalStyle, display_width
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.views import scorecard, status
from okrctl.outputs.views.status import StatusOptions
from okrctl.scoring.scorecard import KeyResultScore, Scorecard, Scorecards
from okrctl.workspace import Workspace, references
from tests.scoring.worlds import DAYS, SETTINGS, measured, opened

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
TITLES = [
    "Calls", "A title that is far too long for any column of a terminal with eighty columns or so, and goes on",
    "Kundenzufriedenheitsverbesserungsmaßnahmenbeschleunigungsprogramm", "東京のお客様が毎週自転車に乗る",
    "Launch 🚀 the 🎉 plan in every 🇩🇪 city", "שביעות רצון הלקוחות עולה", "رضا العملاء يتجاوز سبعين بالمئة",
    "e\u0301te\u0301 a\u0308rger", "[x] done [/] [bold red]loud",
]  # fmt: skip
STYLES = st.builds(TerminalStyle, st.booleans(), st.integers(44, 200), st.booleans())


OWNERS = st.sampled_from(["owner: ada", "owner: b-c"])


@dataclass(frozen=True)
class Screenful:
    """A workspace of two teams on a day, as text and settings."""

    text: str
    settings: str
    day: date

    def card(self) -> tuple[Workspace, Scorecard]:
        """The workspace, and its scorecard."""
        workspace = opened(self.text, self.settings)
        return workspace, scoring.build_scorecard(workspace, workspace.periods[0], self.day)

    def scorecards(self) -> tuple[Workspace, Scorecards]:
        """The workspace, and its scorecard with the references that a command takes."""
        workspace, card = self.card()
        shorten = references.ShortestUniqueRef(workspace, self.day)
        return workspace, Scorecards([card], shorten=shorten)


@st.composite
def screenfuls(draw: Any) -> Screenful:
    """One to three objectives with titles in many scripts; ids repeat from objective to objective."""
    lines = ["period: 2026-Q2", "objectives:"]
    for number in range(draw(st.integers(1, 3))):
        title = draw(st.sampled_from(TITLES))
        state = draw(st.sampled_from(["", "", "", ", state: postponed"]))
        results = [
            f"{{id: k{place}, title: '{draw(st.sampled_from(TITLES))}', {draw(OWNERS)}, {draw(measured())}}}"
            for place in range(draw(st.integers(1, 4)))
        ]
        lines.append(f"  - {{id: o{number}, title: '{title}', owner: ada{state}, key_results: [{', '.join(results)}]}}")
    return Screenful("\n".join(lines) + "\n", draw(st.sampled_from(SETTINGS)), draw(DAYS))


def key_results(card: Scorecard) -> list[KeyResultScore]:
    """Those that have a line, in the order of the lines."""
    found = []
    for objective in card.objectives:
        if objective.state == "active":
            found += sorted(objective.key_results, key=lambda each: each.guardrail)
    return found


def key_result_lines(screen: str) -> list[str]:
    """The lines of the key results."""
    lines = ESCAPES.sub("", screen).split("\n\n", 1)[1].splitlines()
    return [line for line in lines if line.startswith("  ") and not line.strip().startswith("left out: ")]


@settings(max_examples=40)
@given(screenfuls(), STYLES, st.booleans())
def test_a_scorecard_fits_is_aligned_and_says_every_status(
    screenful: Screenful, style: TerminalStyle, with_ids: bool
) -> None:
    _, result = screenful.scorecards()
    screen = scorecard.render(result, "table", style, with_ids)
    assert max(display_width(ESCAPES.sub("", line)) for line in screen.splitlines()) <= (style.width or 0)
    lines, shown = key_result_lines(screen), key_results(result.cards[0])
    assert len(lines) == len(shown)
    places = set()
    for line, key_result in zip(lines, shown, strict=True):
        word = wording.status_text(key_result)
        place = line.rindex(word)
        places.add(display_width(line[:place]))
        assert re.match(r"$|  ", line[place + len(word) :])
    assert len(places) <= 1


@settings(max_examples=40)
@given(screenfuls(), st.booleans())
def test_off_the_terminal_nothing_is_cut(screenful: Screenful, is_unicode: bool) -> None:
    _, result = screenful.scorecards()
    style = TerminalStyle(unicode=is_unicode)
    screen = scorecard.render(result, "table", style).replace("\u200e", "")
    for line, key_result in zip(key_result_lines(screen), key_results(result.cards[0]), strict=True):
        parts = [wording.title(key_result.node), wording.value(key_result), wording.status_text(key_result)]
        parts += [wording.target_range(key_result, style.glyphs), key_result.node.owner or ""]
        parts += [wording.confidence(key_result), *wording.remarks(key_result)]
        assert [part for part in parts if part not in line] == []
    assert "…" not in screen


@settings(max_examples=40)
@given(screenfuls(), st.integers(60, 160))
def test_ids_can_be_pasted_into_the_next_command(screenful: Screenful, width: int) -> None:
    workspace, result = screenful.scorecards()
    screen = scorecard.render(result, "table", TerminalStyle(width=width), with_ids=True)
    for line, key_result in zip(key_result_lines(screen), key_results(result.cards[0]), strict=True):
        assert references.find_node(workspace, line.split()[0], screenful.day) is key_result.node


def report(screenful: Screenful) -> tuple[Workspace, StatusReport]:
    """What needs attention."""
    workspace, card = screenful.card()
    shorten = references.ShortestUniqueRef(workspace, screenful.day)
    items = sorted(attention_items([card], shorten, workspace), key=lambda item: item.sort_key)
    return workspace, StatusReport([card], screenful.day, items)


def commands(screen: str) -> Iterator[list[str]]:
    """The commands that a screen names."""
    for line in ESCAPES.sub("", screen).splitlines():
        found = re.search(r"okrctl (?:show|checkin|amend) .*", line)
        if found:
            yield re.split("  +", found[0])[0].split()


@settings(max_examples=40)
@given(screenfuls(), STYLES, st.booleans(), st.booleans(), st.booleans())
def test_a_status_fits_and_its_commands_lead_on(
    screenful: Screenful, style: TerminalStyle, show_all: bool, with_commands: bool, is_known: bool
) -> None:
    workspace, result = report(screenful)
    result.own_names = frozenset({"b-c"} if is_known else ())
    screen = status.render(result, "table", style, StatusOptions(show_all, with_commands))
    commandless = [line for line in ESCAPES.sub("", screen).splitlines() if "okrctl" not in line]
    assert max(map(display_width, commandless)) <= (style.width or 0)
    for words in commands(screen):
        if len(words) > 2 and not words[2].startswith("-"):
            references.find_node(workspace, words[2], screenful.day)
    if show_all or len(result.attention) <= 10:
        items = [line for line in commandless if re.match(r"  \S", line)]
        named = with_commands or len(items) == len(result.attention)
        assert named, screen


@settings(max_examples=40)
@given(screenfuls(), st.integers(50, 160))
def test_colour_adds_no_information(screenful: Screenful, width: int) -> None:
    _, result = screenful.scorecards()
    _, attention = report(screenful)
    plain, painted = TerminalStyle(False, width), TerminalStyle(True, width)
    for style in (plain, replace(plain, unicode=False)):
        colored = replace(style, color=True)
        for shown in (
            [scorecard.render(result, "table", each) for each in (style, colored)],
            [status.render(attention, "table", each) for each in (style, colored)],
        ):
            assert [line.rstrip() for line in ESCAPES.sub("", shown[1]).splitlines()] == shown[0].splitlines()
    assert "\x1b" in scorecard.render(result, "table", painted)
