"""Writes data as YAML in the styles that people have: indents, quotes, comments, alignment, line ends, brackets."""

from __future__ import annotations

import random
from typing import Any

SIGNS = ("é", "目", "😀", "'", '"', "#", ":", "a", "b", " ", "-", "%", "@", "\\", "{", "]", ",", "5", ".", "&", "*")
WORDS = (
    "Grow",
    "no",
    "2026-04-13",
    "1.10",
    "users: many",
    "a # b",
    "it's",
    'say "x"',
    "x",
    "017",
    "- dash",
    "50 %",
    "null",
)


class Writer:
    """One person's style, drawn from `chance`; `text(data)` is the file."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.step = chance.choice((2, 2, 2, 4, 3))
        self.flush = chance.random() < 0.4
        self.dash_gap = chance.choice((1, 1, 1, 3))
        self.newline = chance.choice(("\n", "\n", "\n", "\r\n"))
        self.comments = chance.choice((0.0, 0.1, 0.3))
        self.blank_lines = chance.choice((0.0, 0.1))
        self.flow = chance.choice((0.0, 0.1, 0.3))
        self.aligned = chance.random() < 0.2
        self.trailing = chance.random() < 0.1

    def text(self, data: dict[str, Any]) -> str:
        """The whole file."""
        chance = self.chance
        lines = ["# top", ""] if chance.random() < 0.3 else []
        lines += ["---"] if chance.random() < 0.2 else []
        lines += self.mapping(data, 0)
        text = self.newline.join(lines)
        text += chance.choice((self.newline, self.newline, "", self.newline * 2, f"{self.newline}# end{self.newline}"))
        return ("\ufeff" if chance.random() < 0.1 else "") + text

    def mapping(self, data: dict[str, Any], indent: int) -> list[str]:
        width = max(map(len, data))
        return [
            line
            for key, value in data.items()
            for line in (*self.between(indent), *self.pair(key, value, indent, width))
        ]

    def pair(self, key: str, value: Any, indent: int, width: int) -> list[str]:
        gap = " " * (1 + (width - len(key) if self.aligned else 0))
        head = f"{' ' * indent}{self.key(key)}:"
        if isinstance(value, dict | list) and (not value or self.chance.random() < self.flow):
            return self.ended([head + gap + self.bracketed(value, indent)])
        if isinstance(value, dict):
            return [*self.ended([head]), *self.mapping(value, indent + self.step)]
        if isinstance(value, list):
            return [*self.ended([head]), *self.sequence(value, indent + (0 if self.flush else self.step))]
        return self.scalar(head + gap, value, indent)

    def sequence(self, data: list[Any], indent: int) -> list[str]:
        lines: list[str] = []
        dash = " " * indent + "-" + " " * self.dash_gap
        for value in data:
            lines += self.between(indent)
            if isinstance(value, dict) and value and self.chance.random() >= self.flow:
                inner = self.mapping(value, len(dash))
                while not inner[0].strip() or inner[0].lstrip().startswith("#"):
                    inner.pop(0)
                lines += [dash + inner[0][len(dash) :], *inner[1:]]
            elif isinstance(value, dict | list):
                lines += self.ended([dash + self.bracketed(value, indent)])
            else:
                lines += self.ended([dash + self.inline(value, flow=False)])
        return lines

    def bracketed(self, value: Any, indent: int) -> str:
        """A collection in brackets, on one line or on several."""
        signs = "{}" if isinstance(value, dict) else "[]"
        if isinstance(value, dict):
            parts = [f"{key}: {self.bracketed(one, indent + self.step)}" for key, one in value.items()]
        elif isinstance(value, list):
            parts = [self.bracketed(one, indent + self.step) for one in value]
        else:
            return self.inline(value, flow=True)
        if parts and self.chance.random() < 0.3:
            pad = self.newline + " " * (indent + self.step)
            comment = f"  # {self.word()}" if self.chance.random() < 0.2 else ""
            last = self.chance.choice((",", "", f",{comment}" if comment else ""))
            return signs[0] + pad + f",{comment}{pad}".join(parts) + last + self.newline + " " * (indent + 1) + signs[1]
        space = self.chance.choice(("", "", " "))
        return signs[0] + space + ", ".join(parts) + space + signs[1]

    def scalar(self, head: str, value: str, indent: int) -> list[str]:
        plain = value.isascii() and value.replace(" ", "").isalnum() and value[0].isalpha()
        if "\n" in value or (plain and self.chance.random() < 0.1):
            return self.block(head, value, indent)
        return self.ended([head + self.inline(value, flow=False)])

    def block(self, head: str, value: str, indent: int) -> list[str]:
        body = value.rstrip("\n")
        ends = len(value) - len(body)
        chomp = "-" if ends == 0 else "" if ends == 1 and self.chance.random() < 0.7 else "+"
        lines = [" " * (indent + self.step) + line if line else "" for line in body.split("\n")]
        return [f"{head}|{chomp}", *lines, *([""] * (ends - 1))]

    def inline(self, value: str, *, flow: bool) -> str:
        safe = value.replace("-", "").replace(".", "").replace("%", "").replace(" ", "").isalnum()
        safe = safe and value.isascii() and value[0].isalnum() and " #" not in value
        if "\n" in value or self.chance.random() < 0.2:
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        if not safe or value in ("null", "") or self.chance.random() < 0.1:
            return "'" + value.replace("'", "''") + "'"
        return value

    def key(self, key: str) -> str:
        return f'"{key}"' if self.chance.random() < 0.03 else key

    def ended(self, lines: list[str]) -> list[str]:
        if self.chance.random() < self.comments:
            lines[-1] += f"  # {self.word()}"
        elif self.trailing and self.chance.random() < 0.5:
            lines[-1] += "  "
        return lines

    def between(self, indent: int) -> list[str]:
        lines = [""] if self.chance.random() < self.blank_lines else []
        if self.chance.random() < self.comments:
            lines.append(" " * self.chance.choice((indent, indent, 0)) + f"# {self.word()}")
        return lines

    def word(self) -> str:
        return self.chance.choice(WORDS)


def workspace_file(chance: random.Random) -> dict[str, Any]:
    """The data of an OKR file, all scalars as text."""
    objectives = [_objective(chance, number) for number in range(chance.randint(1, 3))]
    return {"period": "2026-Q2", "team": "trust", "objectives": objectives}


def _objective(chance: random.Random, number: int) -> dict[str, Any]:
    found: dict[str, Any] = {"id": f"o{number}", "title": words(chance), "owner": "lea"}
    if chance.random() < 0.4:
        found["why"] = chance.choice(("line one\nline two\n", "one\ntwo", "words\nmore\n\n", words(chance)))
    found["key_results"] = [_key_result(chance, place) for place in range(chance.randint(1, 3))]
    if chance.random() < 0.3:
        found["tags"] = ["a", words(chance)]
    return found


def _key_result(chance: random.Random, place: int) -> dict[str, Any]:
    found: dict[str, Any] = {"id": f"k{place}", "title": words(chance), "to": "100"}
    if chance.random() < 0.5:
        found["unit"] = "users"
    if chance.random() < 0.75:
        days = sorted(chance.sample(range(1, 31, 2), chance.randint(1, 4)))
        found["readings"] = {f"2026-04-{day:02}": _reading(chance) for day in days}
    if chance.random() < 0.3:
        found["amended"] = [{"date": "2026-05-01", "by": "lea", "reason": words(chance), "was": {"to": "60"}}]
    if chance.random() < 0.2:
        found["description"] = chance.choice(("a\nb\n", "a\nb", "a\n\nb\n\n"))
    return found


def _reading(chance: random.Random) -> Any:
    value = str(chance.randint(0, 99999))
    if chance.random() < 0.7:
        return value
    return {"value": value, "confidence": "6", "note": words(chance)}


def words(chance: random.Random) -> str:
    """A text of a few words with signs that matter in YAML."""
    if chance.random() < 0.5:
        return chance.choice(WORDS)
    return ("x" + "".join(chance.choice(SIGNS) for _ in range(chance.randint(1, 12)))).strip()
