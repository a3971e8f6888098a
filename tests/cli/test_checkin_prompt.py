"""The questions about due readings, in a real pseudo-terminal: answers, skips, mistakes, and ways to leave."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.commands.trust import TODAY, TRUST, repository, workspace
from tests.repositories import Repo, clean_environment
from tests.running import run

pty = pytest.importorskip("pty")
REPOSITORY = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds; nothing waits that long but a test that fails
CTRL_C, CTRL_D = "\x03", "\x04"


class Ended(NamedTuple):
    """The exit status of a dialogue and everything that was on the screen."""

    status: int
    screen: str


class Terminal:
    """`okrctl WORDS` with a person in front of it."""

    def __init__(self, root: Path, *words: str, today: str = TODAY) -> None:
        kept = {"OKRCTL_TODAY": today, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", "NO_COLOR": "1"}
        self.screen = ""
        self.seen = 0
        self.child, self.line = pty.fork()
        if self.child == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background ignores it
            os.chdir(root)
            os.execve(sys.executable, [sys.executable, "-m", "okrctl", *words], clean_environment() | kept)

    def until(self, text: str) -> None:
        """Reads until the text appears behind what was seen before."""
        while text not in self.screen[self.seen :]:
            assert self._read(), f"no {text!r} in {self.screen!r}"
        self.seen = self.screen.index(text, self.seen) + len(text)

    def type(self, text: str) -> None:
        os.write(self.line, text.encode())

    def answer(self, question: str, text: str) -> None:
        """Waits for a question and answers it."""
        self.until(question)
        self.type(text + "\n")

    def end(self) -> Ended:
        while self._read():
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        os.close(self.line)
        return Ended(status, self.screen)

    def _read(self) -> bool:
        if not select.select([self.line], [], [], PATIENCE)[0]:
            return False
        try:
            found = os.read(self.line, 4096)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.screen += found.decode("utf-8", "replace")
        return bool(found)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    repository(tmp_path)
    yield tmp_path


def came(root: Path) -> list[str]:
    """The lines that the OKR file has beyond those it had."""
    before = TRUST.splitlines()
    return [line.strip() for line in (root / "okrs/trust.yaml").read_text().splitlines() if line not in before]


def test_it_asks_for_own_due_readings_and_writes_each_answer(root: Path) -> None:
    screen = Terminal(root, "checkin")
    screen.until("1/5  Tracking codes requested")
    screen.until("last: 4100 users on 2026-04-20, 14 days ago")
    screen.until("range: 0 -> 25000 users until 2026-06-30")
    screen.answer("value [skip]:", "5200")
    screen.answer("confidence 0-10 [none]:", "7")
    screen.answer("note [none]:", "Good week")
    screen.until("4100 -> 5200 users (21 %)")
    screen.until("2/5  Suppliers")
    assert came(root) == ["2026-05-04: {value: 5200, confidence: 7, note: Good week}"]
    screen.answer("value [skip]:", "")
    screen.until("1 open  Draft")
    screen.answer("milestone that is done [skip]:", "draft")
    screen.answer("confidence", "")
    screen.answer("note", "")
    screen.answer("grade from 0 to 1 [skip]:", "0.7")
    screen.answer("confidence", "")
    screen.answer("note", "")
    screen.until("at most 4")
    screen.answer("value [skip]:", "")
    ended = screen.end()
    assert ended.status == 0 and "3 of 5 written" in ended.screen
    assert "2026-05-04: 0.7" in came(root) and "- {title: Draft, id: draft, done: 2026-05-04}" in came(root)


def test_an_invalid_answer_is_asked_again(root: Path) -> None:
    screen = Terminal(root, "checkin")
    screen.answer("value [skip]:", "1,000")
    screen.until("'1,000' is not a valid number; write 1000")
    screen.answer("value [skip]:", "5 EUR")
    screen.until("has the unit users")
    screen.answer("value [skip]:", "5200")
    screen.answer("confidence", "11")
    screen.answer("note", "")
    screen.until("is not a valid confidence")
    screen.answer("value [skip]:", "5200")
    screen.answer("confidence", "")
    screen.answer("note", "")
    screen.until("2/5")
    screen.type(CTRL_D)
    assert screen.end().status == 0
    assert came(root) == ["2026-05-04: 5200"]


@pytest.mark.parametrize(("key", "status"), [(CTRL_C, 130), (CTRL_D, 0)], ids=["Ctrl-C", "Ctrl-D"])
def test_it_can_be_left_at_a_question_and_nothing_is_lost(root: Path, key: str, status: int) -> None:
    screen = Terminal(root, "checkin")
    screen.answer("value [skip]:", "5200")
    screen.answer("confidence", "")
    screen.answer("note", "")
    screen.until("2/5")
    screen.until("value [skip]:")
    screen.type(key)
    ended = screen.end()
    assert ended.status == status and "1 of 5 written" in ended.screen and "Traceback" not in ended.screen
    assert came(root) == ["2026-05-04: 5200"]


@pytest.mark.parametrize(("key", "status"), [(CTRL_C, 130), (CTRL_D, 0)], ids=["Ctrl-C", "Ctrl-D"])
def test_a_value_that_was_typed_is_written_although_the_note_is_not(root: Path, key: str, status: int) -> None:
    screen = Terminal(root, "checkin")
    screen.answer("value [skip]:", "5200")
    screen.answer("confidence", "7")
    screen.until("note")
    screen.type(key)
    assert screen.end().status == status
    assert came(root) == ["2026-05-04: {value: 5200, confidence: 7}"]


def test_all_answers_make_one_commit(root: Path) -> None:
    screen = Terminal(root, "checkin", "--commit", "--owner", "tom")
    screen.answer("done, open or a date [skip]:", "done")
    screen.answer("confidence", "")
    screen.answer("note", "")
    screen.answer("value [skip]:", "91")
    screen.answer("confidence", "")
    screen.answer("note", "")
    screen.until("committed as")
    assert screen.end().status == 0
    repo = Repo(root)
    assert repo.git("show", "--name-only", "--format=").split() == ["kpis/company.yaml", "okrs/trust.yaml"]
    assert repo.git("log", "-1", "--format=%B").startswith(
        "checkin: 2 readings\n\n2026-Q2/trust/supply-chain.docs: open -> done"
    )
    assert repo.git("status", "--short") == ""


def test_with_all_the_readings_of_all_owners_are_asked_for(root: Path) -> None:
    screen = Terminal(root, "checkin", "--all")
    screen.until("1/7")
    screen.type(CTRL_D)
    assert screen.end().status == 0


def test_nothing_due_is_reported(root: Path) -> None:
    screen = Terminal(root, "checkin", "--owner", "nobody")
    ended = screen.end()
    assert ended.status == 0 and "nothing is due for nobody" in ended.screen


def test_an_unknown_person_gets_a_hint(tmp_path: Path) -> None:
    repository(tmp_path, email="stranger@acme.example")
    ended = Terminal(tmp_path, "checkin").end()
    assert ended.status == 2 and "--owner NAME or --all" in ended.screen


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("", 2), (CTRL_D, 130), (CTRL_C, 130)])
def test_a_replacement_is_asked_for(root: Path, answer: str, status: int) -> None:
    screen = Terminal(root, "checkin", "tracking-codes", "5", "--date", "2026-04-20")
    screen.until("already has 4100 on 2026-04-20; go on? [y/N]")
    screen.type(answer if status == 130 else answer + "\n")
    ended = screen.end()
    assert ended.status == status and "Traceback" not in ended.screen
    assert bool(came(root)) is (answer == "y")


def test_a_value_that_is_missing_is_asked_for(root: Path) -> None:
    screen = Terminal(root, "checkin", "tracking-codes")
    screen.answer("value of 2026-Q2/trust/supply-chain.tracking-codes:", "5200")
    assert screen.end().status == 0
    assert came(root) == ["2026-05-04: 5200"]


def test_without_a_terminal_the_error_names_the_options(tmp_path: Path) -> None:
    result = run("checkin", cwd=workspace(tmp_path), today=TODAY)
    assert result.status == 2 and "REF VALUE" in result.err and "--csv FILE" in result.err
