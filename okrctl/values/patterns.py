"""Matches paths against patterns such as `okrs/**/*.y{a,}ml`, one folder at a time."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from okrctl.values.errors import OkrctlError

Remainder = tuple[str, ...]  # the parts of a pattern that are still to be matched below the current folder

MAX_ALTERNATIVES = 1_000
MAX_PATTERN_LENGTH = 1_000  # characters of a pattern
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Patterns:
    """The parts of some patterns that remain inside one folder; falsy if nothing below can match.

    `*`, `?` and `[abc]` match within a name, `**` matches any number of folders, `{a,b}` matches either. A name that
    begins with a dot is matched only by a pattern that begins with a dot. Matching folder by folder lets a walk skip
    folders in which nothing can match, such as `node_modules`.
    """

    remainders: frozenset[Remainder]

    @classmethod
    def parse(cls, patterns: Iterable[str]) -> Patterns:
        """Parse patterns relative to the root of a walk; a final slash matches everything below."""
        return cls(
            _expand_double_stars(_split_pattern(plain) for pattern in patterns for plain in expand_braces(pattern))
        )

    def __bool__(self) -> bool:
        return any(self.remainders)

    @property
    def matches_everything(self) -> bool:
        """Whether the folder itself matches, and so everything in it."""
        return () in self.remainders

    def descend(self, name: str) -> Patterns:
        """The patterns inside the subfolder `name`."""
        stay = {rest for rest in self.remainders if rest and rest[0] == "**" and _matches("**", name)}
        move = {rest[1:] for rest in self.remainders if rest and rest[0] != "**" and _matches(rest[0], name)}
        return Patterns(_expand_double_stars(stay | move))

    def matches(self, name: str) -> bool:
        """Whether the file `name` in this folder matches."""
        return any(_matches(part, name) for part in self._last_parts)

    def matches_path(self, path: str) -> bool:
        """Whether a file matches, by its path from the root of the walk."""
        *folders, name = path.split("/")
        patterns = self
        for folder in folders:
            patterns = patterns.descend(folder)
        return patterns.matches(name)

    @cached_property
    def _last_parts(self) -> tuple[str, ...]:
        return tuple({rest[0] for rest in self.remainders if len(rest) == 1})


def count_within_limits(patterns: Sequence[str]) -> int:
    """How many of the patterns, from the first on, are within the limits for length and for expanded braces."""
    room = MAX_ALTERNATIVES
    for number, pattern in enumerate(patterns):
        if len(pattern) > MAX_PATTERN_LENGTH:
            return number
        try:
            room -= len(expand_braces(pattern))
        except OkrctlError:
            return number
        if room < 0:
            return number
    return len(patterns)


def _expand_double_stars(rests: Iterable[Remainder]) -> frozenset[Remainder]:
    """Add the remainders for a `**` that matches no folder."""
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


def expand_braces(pattern: str) -> list[str]:
    """Expand braces: `*.y{a,}ml` to `*.yaml` and `*.yml`. Raises OkrctlError if there are too many alternatives."""
    expanded, pending = [], [pattern]
    while pending:
        text = pending.pop()
        braces = _BRACES.search(text)
        if braces is None:
            expanded.append(text)
        else:
            alternatives = braces[1].split(",")
            pending += [text[: braces.start()] + part + text[braces.end() :] for part in alternatives]
        if len(expanded) + len(pending) > MAX_ALTERNATIVES:
            raise OkrctlError(f"the pattern {pattern!r} has too many alternatives", "use fewer braces")
    return expanded


@lru_cache(maxsize=1024)
def _compile_part(part: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate("*" if part == "**" else part))


def _matches(part: str, name: str) -> bool:
    return _compile_part(part).match(name) is not None and (name[0] != "." or part[0] == ".")
