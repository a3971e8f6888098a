"""The transcript of the tutorial is what okrctl prints: from an empty repository to a closed quarter."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.transcript import BLOCK, TUTORIAL, Shell, commands, played, rendered

HINT = "python -m tests.docs.transcript writes it anew"


def blocks() -> list[str]:
    """The parts of the transcript, which go on in one shell."""
    found = BLOCK.findall(TUTORIAL.read_text("utf-8"))
    assert len(found) > 1
    return found


def without_ids(text: str) -> list[str]:
    """The lines without the ids of commits, which hang on all that is committed, the editors' schemas among it."""
    return re.sub(r"\b[0-9a-f]{10,12}\b", "COMMIT", text).splitlines()


def test_what_it_shows_is_what_is_printed(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    for block in blocks():
        assert without_ids(rendered(block, shell)) == without_ids(block), HINT


def test_every_command_succeeds(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    assert [(line, text) for block in blocks() for line, text, status in played(block, shell) if status] == []


def test_it_is_a_whole_quarter_in_less_than_forty_commands() -> None:
    lines = commands("".join(blocks()))
    assert len(lines) < 40
    assert lines[0].startswith("git init") and any(line.startswith("okrctl close ") for line in lines)
    assert {line.split()[1] for line in lines if line.startswith("okrctl")} >= {
        "init", "check", "checkin", "amend", "status", "score", "close", "verify", "new",
    }  # fmt: skip
