"""Findings for people: the line of the file with carets, then the mend."""

from __future__ import annotations

from okrctl.outputs.concise import render

__all__ = ["render"]
