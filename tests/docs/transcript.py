"""Plays the commands of the tutorial and writes what they print: `python -m tests.docs.transcript`."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from okrctl.cli.main import main
from tests.repositories import clean_environment
from tests.running import place

TUTORIAL = Path(__file__).parents[2] / "okrctl/docs/tutorial.md"
BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.DOTALL | re.MULTILINE)


class Shell:
    """As much of a shell as the transcript needs: `cd`, `export`, `okrctl`, and for all else the real one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in clean_environment().items() if not name.startswith("OKRCTL_")},
            "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "TZ": "UTC",
        }  # fmt: skip
        self.status = 0

    def run(self, line: str) -> str:
        """What a line prints, on both streams in the order in which it comes."""
        words = shlex.split(line)
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return ""
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.environment[name] = value
            if name == "OKRCTL_TODAY":
                moment = f"{value}T10:00:00+0000"
                self.environment |= {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
            return ""
        return self._okrctl(words[1:]) if words[0] == "okrctl" else self._other(line)

    def _okrctl(self, words: list[str]) -> str:
        stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
        with place(self.folder, self.environment), redirect_stdout(stream), redirect_stderr(stream):
            self.status = main(words)
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        return stream.buffer.getvalue().decode()

    def _other(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        self.status = done.returncode
        return done.stdout.decode()


def commands(block: str) -> list[str]:
    """The lines that a person types."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def played(block: str, shell: Shell) -> Iterator[tuple[str, str, int]]:
    """Each command with what it prints and its exit status."""
    for line in commands(block):
        text = shell.run(line)
        yield line, "".join(f"{one.rstrip()}\n" for one in text.splitlines()), shell.status


def rendered(block: str, shell: Shell) -> str:
    """The block as the commands make it today; blank lines of the author's stay behind the output."""
    pauses = dict.fromkeys(re.findall(r"(?<=\n\n\$ ).*", "\n" + block), "\n")
    return "".join(f"{pauses.get(line, '')}$ {line}\n{text}" for line, text, _ in played(block, shell)).lstrip("\n")


def renewed(text: str, folder: Path) -> str:
    """The tutorial with its transcript played anew, all its blocks in one shell."""
    shell = Shell(folder)
    return BLOCK.sub(lambda found: rendered(found[0], shell), text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder_name:
        TUTORIAL.write_text(renewed(TUTORIAL.read_text("utf-8"), Path(folder_name)), "utf-8")
