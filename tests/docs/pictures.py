"""Draws what `score` and `status` print on a terminal, for README.md: `python -m tests.docs.pictures`.

The demo is built anew, as of one day, so the pictures are the same wherever they are drawn.
"""

from __future__ import annotations

import io
import re
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from html import escape
from pathlib import Path

from okrctl.cli.main import main
from okrctl.outputs.terminal import display_width
from tests.repositories import clean_environment
from tests.running import place

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/images"
PICTURES = {"score": "okrctl score", "status": "okrctl status"}
TODAY = "2026-11-10"
COLUMNS = 80
CELL, LINE, MARGIN = 8.43, 19, 16
STYLE = """
  text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1f2328; white-space: pre }
  rect { fill: #ffffff; stroke: #d1d9e0 }
  .bold { font-weight: 600 } .dim { fill: #6e7781 } .red { fill: #c4262e } .green { fill: #1a7f37 }
  .yellow { fill: #8a6100 } .cyan { fill: #0b6e8a }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } rect { fill: #0d1117; stroke: #30363d }
    .dim { fill: #8b949e } .red { fill: #ff7b72 } .green { fill: #56d364 } .yellow { fill: #e3b341 }
    .cyan { fill: #79c0ff }
  }
"""
CLASSES = {"1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow", "36": "cyan"}
_PAINTED = re.compile(r"\x1b\[([0-9;]*)m")


class Screen(io.StringIO):
    """A terminal that keeps what it shows."""

    def isatty(self) -> bool:
        """Always."""
        return True


def screens(lines: list[str], color: bool) -> list[str]:
    """What these command lines print in the demo, on a terminal of 80 columns."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **{name: value for name, value in clean_environment().items() if not name.startswith("OKRCTL_")},
            "OKRCTL_TODAY": TODAY, "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": str(COLUMNS), "PAGER": "cat",
            **({"FORCE_COLOR": "1"} if color else {"NO_COLOR": "1"}),
        }  # fmt: skip
        with place(Path(folder), environment):
            _run(["init", "--demo", "demo"])
            return [_run(["-C", "demo", *shlex.split(line)[1:]]) for line in lines]


def _run(words: list[str]) -> str:
    screen = Screen()
    with redirect_stdout(screen), redirect_stderr(io.StringIO()):
        main(words)
    return screen.getvalue()


def picture(text: str, command: str) -> str:
    """An SVG of what a command printed, light or dark as the reader's screen is."""
    lines = [f"\x1b[2m$\x1b[0m {command}", *text.rstrip("\n").split("\n")]
    width, height = round(COLUMNS * CELL) + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    title = f"What {command} prints"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
    rect = f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>'
    rows = [row for number, line in enumerate(lines) for row in _texts(line, MARGIN + number * LINE + 14)]
    return "\n".join([head, f"<style>{STYLE}</style>", rect, *rows, "</svg>"]) + "\n"


def _texts(line: str, y: int) -> Iterator[str]:
    """The parts of a line, each at its own column, whatever the width of a character in the reader's font."""
    column, classes = 0, ""
    for number, part in enumerate(_PAINTED.split(line)):
        if number % 2:
            classes = " ".join(CLASSES[code] for code in part.split(";") if code in CLASSES)
            continue
        for word in re.finditer(r"\S+(?: \S+)*", part):
            start = column + display_width(part[: word.start()])
            length = display_width(word[0]) * CELL
            kind = f' class="{classes}"' if classes else ""
            place = f'x="{MARGIN + start * CELL:.1f}" y="{y}" textLength="{length:.1f}"'
            yield f"<text {place}{kind}>{escape(word[0])}</text>"
        column += display_width(part)


def drawn() -> dict[str, str]:
    """All pictures by their names."""
    texts = screens(list(PICTURES.values()), color=True)
    return {name: picture(text, line) for (name, line), text in zip(PICTURES.items(), texts, strict=True)}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, image in drawn().items():
        (FOLDER / f"{name}.svg").write_text(image, "utf-8")
