"""Tables for people, as wide as the terminal."""

from __future__ import annotations

from okrctl.outputs.terminal import Look


def render(result: object, look: Look) -> str:
    """A result as a table."""
    raise NotImplementedError
