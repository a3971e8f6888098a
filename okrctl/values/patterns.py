"""Matches paths against patterns such as `okrs/**/*.y{a,}ml`, one folder at a time, so that a walk can stay out."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from okrctl.values.errors import OkrctlError

Remainder = tuple[str, ...]  # the parts of a pattern that are still to be matched, below the present folder

MAX_ALTERNATIVES = 1_000
MAX_PATTERN_LENGTH = 1_000  # characters of a pattern
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Patterns:
    """What is left of some patterns inside one folder; falsy where nothing below can match.

    `*`, `?` and `[abc]` stay within a name, `**` stands for any number of folders, `{a,b}` for either. A name that
    begins with a dot is matched only by a pattern that writes the dot.
    """

    remainders: frozenset[Remainder]

    @classmethod
    def parse(cls, patterns: Iterable[str]) -> Patterns:
        """Patterns relative to the folder where a walk begins; a final slash means all that lies below."""
        return cls(
            _expand_double_stars(_split_pattern(plain) for pattern in patterns for plain in _expand_braces(pattern))
        )

    def __bool__(self) -> bool:
        return any(self.remainders)

    @property
    def matches_everything(self) -> bool:
        """Whether the folder itself is matched, and so all that it holds."""
        return () in self.remainders

    def descend(self, name: str) -> Patterns:
        """What is left inside the folder `name`."""
        stay = {rest for rest in self.remainders if rest and rest[0] == "**" and _matches("**", name)}
        move = {rest[1:] for rest in self.remainders if rest and rest[0] != "**" and _matches(rest[0], name)}
        return Patterns(_expand_double_stars(stay | move))

    def matches(self, name: str) -> bool:
        """Whether the file `name` in this folder is matched."""
        return any(_matches(part, name) for part in self._last_parts)

    @cached_property
    def _last_parts(self) -> tuple[str, ...]:
        return tuple({rest[0] for rest in self.remainders if len(rest) == 1})


def count_within_limits(patterns: Sequence[str]) -> int:
    """How many of these patterns, from the first on, are not too long, nor too many with their braces written out."""
    room = MAX_ALTERNATIVES
    for number, pattern in enumerate(patterns):
        if len(pattern) > MAX_PATTERN_LENGTH:
            return number
        try:
            room -= len(_expand_braces(pattern))
        except OkrctlError:
            return number
        if room < 0:
            return number
    return len(patterns)


def _expand_double_stars(rests: Iterable[Remainder]) -> frozenset[Remainder]:
    """Adds what is left where a `**` stands for no folder at all."""
    closed: set[Remainder] = set()
    for rest in rests:
        closed.add(rest)
        while rest and rest[0] == "**":
            rest = rest[1:]
            closed.add(rest)
    return frozenset(closed)


def _split_pattern(pattern: str) -> Remainder:
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if pattern.endswith("/"):
        parts.append("**")
    return tuple(part for part, before in zip(parts, ["", *parts], strict=False) if (before, part) != ("**", "**"))


def _expand_braces(pattern: str) -> list[str]:
    """`*.y{a,}ml` as `*.yaml` and `*.yml`; raises OkrctlError where that gets out of hand."""
    plain, open_ones = [], [pattern]
    while open_ones:
        text = open_ones.pop()
        braces = _BRACES.search(text)
        if braces is None:
            plain.append(text)
        else:
            open_ones += [text[: braces.start()] + one + text[braces.end() :] for one in braces[1].split(",")]
        if len(plain) + len(open_ones) > MAX_ALTERNATIVES:
            raise OkrctlError(f"the pattern {pattern!r} has too many alternatives", "write fewer braces")
    return plain


@lru_cache(maxsize=1024)
def _compile_part(part: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate("*" if part == "**" else part))


def _matches(part: str, name: str) -> bool:
    return _compile_part(part).match(name) is not None and (name[0] != "." or part[0] == ".")
