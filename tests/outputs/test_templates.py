"""Every template is valid in its own language, and none carries inline styles or handlers."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import tinycss2

import okrctl
from okrctl.outputs.reports import page

FOLDER = Path(okrctl.__file__).parent / "templates" / "html"
MAILS = ("digest.html",)
TEMPLATES, STYLES, SCRIPTS, IMAGES = (sorted(FOLDER.rglob(f"*.{kind}")) for kind in ("html", "css", "js", "svg"))


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def test_every_file_is_of_a_known_kind() -> None:
    known = (*TEMPLATES, *STYLES, *SCRIPTS, *IMAGES)
    assert sorted(known) == sorted(path for path in FOLDER.rglob("*") if path.is_file())
    assert TEMPLATES and STYLES and SCRIPTS


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_compiles(path: Path) -> None:
    assert page.environment().get_template(name(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_escapes_everything_and_has_no_inline_style_or_handler(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", text)
    forbidden = r"on\w+" if name(path) in MAILS else r"style|on\w+"  # a mail has no style sheet to speak of
    assert not re.search(rf"\s({forbidden})\s*=\s*[\"{{]", text)
    assert "http:" not in text and "https:" not in text


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_a_style_sheet_is_balanced_and_loads_nothing(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("{") == text.count("}") and text.count('"') % 2 == 0
    assert "url(" not in text and "@import" not in text and "</" not in text


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_a_style_sheet_parses(path: Path) -> None:
    rules = tinycss2.parse_stylesheet(path.read_text("utf-8"), skip_comments=True, skip_whitespace=True)
    assert [rule.message for rule in rules if rule.type == "error"] == []


@pytest.mark.parametrize("path", IMAGES, ids=name)
def test_an_image_only_draws(path: Path) -> None:
    elements = {element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()}
    assert elements <= {"svg", "rect", "path"}


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js")
@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_parses(path: Path) -> None:
    checked = subprocess.run(["node", "--check", path], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_cannot_end_its_element(path: Path) -> None:
    assert "</" not in path.read_text("utf-8") and "<!--" not in path.read_text("utf-8")
