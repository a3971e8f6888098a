"""Keeps the person's own cache and settings out of the tests, and gives hypothesis a profile for a long night."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# pytest tests/fuzz --hypothesis-profile=deep
settings.register_profile("any-machine", deadline=None)  # a busy machine is no defect
settings.load_profile("any-machine")
settings.register_profile("deep", max_examples=3000, deadline=None)

OF_THE_TERMINAL = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "TERM", "LANG", "LC_ALL")


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or fills the cache and settings of whoever runs it, or obeys their shell and terminal."""
    for name in [name for name in os.environ if name.startswith(("OKRCTL_", "_OKRCTL_")) or name in OF_THE_TERMINAL]:
        monkeypatch.delenv(name)
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    return cache
