"""Gives hypothesis the profile for a long night: `--hypothesis-profile=deep`."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("deep", max_examples=3000, deadline=None)
