"""Builds the documentation site: `python -m docs.site` writes it to build/site/html.

The pages are made anew from what okrctl prints and ships: the manual in `okrctl/docs`, a page for each rule from its
docstring, a page for each command from its help, the JSON Schemas, CONTRIBUTING.md and CHANGELOG.md. Then Zensical
builds them and fails on any link that leads nowhere; MkDocs with Material reads the same configuration.
`python -m docs.site --pages` writes the pages alone, which needs no generator.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from okrctl import docs, json_schema
from okrctl.check import rule_page
from okrctl.check.rule_page import Rulebook, RuleEntry
from okrctl.check.rules import BY_NAME, RETIRED
from okrctl.cli.commands import COMMANDS, GROUPS
from okrctl.cli.main import main as run_okrctl
from okrctl.operations.schema import output_schema
from okrctl.outputs.documents import OUTPUTS
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views import rules as rules_view
from okrctl.schema.settings import Config
from okrctl.values.addresses import REPOSITORY, SITE

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build/site"
Pages = dict[str, str | bytes]  # by path below the folder of the pages

# Where a page of the manual stands; one that is named nowhere here stands under "More".
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Start": ("tutorial", "format", "words"),
    "Score": ("scoring", "statistics"),
    "Check": ("git-and-ci", "merge", "wording", "editors"),
    "Data": ("sources", "import-and-export", "dashboards"),
    "Pages": ("server",),
    "Programs": ("python", "assistants"),
    "Project": ("stability", "security"),
}
PROJECT_PAGES = {"contributing": "CONTRIBUTING.md", "changelog": "CHANGELOG.md"}
RULE_GROUPS = (
    "The file", "Names and links", "Objectives", "Key results", "KPIs", "Dates", "Changes", "After a period",
)  # fmt: skip
# What the search finds first: the meaning of a word before the pages that use it.
BOOSTED = {"words": 3.0, "rules/index": 2.0, "commands/index": 2.0}
_LINK = re.compile(r"(?<=\]\()([^)#\s]+)(?=[)#])")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
_LINKED = re.compile(r"\[[^]]*\]\([^)]*\)")


def build_pages() -> Pages:
    """All pages and files of the site, by their path."""
    pages: Pages = {"index.md": (ROOT / "docs/index.md").read_text("utf-8")}
    pages |= {f"{_place(name)}.md": _manual_text(name) for name in docs.PAGES}
    pages |= {f"{name}.md": (ROOT / path).read_text("utf-8") for name, path in PROJECT_PAGES.items()}
    pages |= {f"rules/{entry.page.code}.md": _rule_text(entry) for entry in _rulebook().rules}
    pages |= {f"rules/{code}.md": _retired_text(code, RETIRED[code]) for code in _retired_codes()}
    pages |= {f"commands/{name}.md": _command_text(name) for name in COMMANDS}
    pages = {path: finish_page(path, text) if isinstance(text, str) else text for path, text in pages.items()}
    pages |= {f"schemas/{kind}.json": json_schema.render_schema(kind) for kind in json_schema.KINDS}
    pages |= {f"schemas/output/{name}.json": output_schema(name) + "\n" for name in OUTPUTS}
    return pages | {f"images/{path.name}": path.read_bytes() for path in sorted((ROOT / "docs/images").iterdir())}


def build_navigation() -> list[dict[str, Any]]:
    """The navigation: the sections of the manual, and within them the rules by group and the commands by purpose."""
    sections = {title: [f"{_place(name)}.md" for name in names] for title, names in SECTIONS.items()}
    listed = {name for names in SECTIONS.values() for name in names} | {"rules", "commands"}
    more = [f"{name}.md" for name in docs.PAGES if name not in listed]
    sections["Project"] += [f"{name}.md" for name in PROJECT_PAGES]
    if more:
        sections["More"] = more
    navigation: list[dict[str, Any]] = [{"Home": "index.md"}, *({title: pages} for title, pages in sections.items())]
    place = list(sections).index("Check") + 2
    return [*navigation[:place], {"Rules": _rules_section()}, {"Commands": _commands_section()}, *navigation[place:]]


def _rules_section() -> list[Any]:
    groups: dict[str, list[dict[str, str]]] = {title: [] for title in RULE_GROUPS}
    for entry in _rulebook().rules:
        code = entry.page.code
        groups[RULE_GROUPS[int(code[3])]].append({f"{code} {entry.page.name}": f"rules/{code}.md"})
    return ["rules/index.md", *({title: pages} for title, pages in groups.items())]


def _commands_section() -> list[Any]:
    grouped = {name for names in GROUPS.values() for name in names}
    others = tuple(name for name in COMMANDS if name not in grouped)
    groups = {**GROUPS, "Other": others} if others else GROUPS
    return [
        "commands/index.md",
        *({title: [{name: f"commands/{name}.md"} for name in names]} for title, names in groups.items()),
    ]


def _place(name: str) -> str:
    """Where a page of the manual is: those with pages below them are the first of a folder."""
    return f"{name}/index" if name in ("rules", "commands") else name


def _rulebook() -> Rulebook:
    return rule_page.build_rulebook(Config())


def _manual_text(name: str) -> str:
    page = docs.read_page(name)
    return f"# {page.title}\n\n{page.text}"


def _retired_codes() -> list[str]:
    return [word for word in RETIRED if word.startswith("OKR")]


def _rule_text(entry: RuleEntry) -> str:
    """The page of a rule as `okrctl explain` writes it, without the line that leads here."""
    text = rules_view.render(entry, "markdown", TerminalStyle())
    return re.sub(r"\\\nOn the web: .*\n", "\n", text)


def _retired_text(code: str, successor: str) -> str:
    rule = BY_NAME[successor]
    return f"# {code} (retired)\n\nThis rule was replaced by [{rule.code} {rule.name}]({rule.code}.md).\n"


def _command_text(name: str) -> str:
    """The help of a command, with a link to what the manual says of it."""
    return (
        f"# okrctl {name}\n\n{COMMANDS[name][1]}\n\n```text\n$ okrctl {name} --help\n{_print_help(name)}```\n\n"
        "[All commands](index.md) says what each is for.\n"
    )


def _print_help(name: str) -> str:
    """What `okrctl NAME --help` prints, 80 columns wide."""
    before = dict(os.environ)
    os.environ.update(COLUMNS="80", NO_COLOR="1")
    try:
        with redirect_stdout(io.StringIO()) as printed:
            status = run_okrctl([name, "--help"])
    finally:
        os.environ.clear()
        os.environ.update(before)
    if status:
        raise RuntimeError(f"okrctl {name} --help ended with {status}")
    return printed.getvalue()


def finish_page(path: str, text: str) -> str:
    """A page with links that lead to pages of the site, and with what it says to the search."""
    folder = path.rpartition("/")[0]
    text = _LINK.sub(lambda found: _resolve(found[1], folder, path), text)
    if path != "changelog.md":
        text = _map_prose(text, lambda prose: _CODE.sub(lambda found: _link_code(found, path, folder), prose))
    boost = BOOSTED.get(path.removesuffix(".md"))
    return f"---\nsearch:\n  boost: {boost}\n---\n\n{text}" if boost else text


def _map_prose(text: str, change: Any) -> str:
    """The text with its prose changed: not what is in fenced blocks, in headings, or linked already."""
    parts, position = [], 0
    kept = re.compile(f"{_FENCE.pattern}|^#[^\n]*$|{_LINKED.pattern}", re.MULTILINE | re.DOTALL)
    for found in kept.finditer(text):
        parts += [change(text[position : found.start()]), found[0]]
        position = found.end()
    return "".join([*parts, change(text[position:])])


def _resolve(target: str, folder: str, path: str) -> str:
    """Where a link of a source leads on the site; what is no page of the site is in the repository."""
    if target.startswith(("https://", "http://", "mailto:")):
        return target
    if path == f"{folder}/index.md" or not folder:  # the manual is one folder, whose links name its pages
        for name, source in PROJECT_PAGES.items():
            if target == source:
                return _relative(f"{name}.md", folder)
        name = target.removeprefix("okrctl/docs/").removesuffix(".md")
        if name in docs.PAGES:
            return _relative(f"{_place(name)}.md", folder)
        if (ROOT / target).exists() and not target.startswith("images/"):
            return f"{REPOSITORY}/blob/main/{target}"
    return target


def _link_code(found: re.Match[str], path: str, folder: str) -> str:
    """The first words of a command, and the names of rules, pages and words, as links to their pages."""
    words = found[1].split()
    target = ""
    if words[0] == "okrctl" and len(words) > 1:
        name = words[1]
        if name == "explain" and len(words) == 3:
            target = _topic_place(words[2])
        target = target or (f"commands/{name}.md" if name in COMMANDS else "")
    elif found[1] in BY_NAME:
        target = f"rules/{BY_NAME[found[1]].code}.md"
    return f"[{found[0]}]({_relative(target, folder)})" if target and target != path else found[0]


def _topic_place(topic: str) -> str:
    """The page of a topic of `okrctl explain`, a word in the page of words."""
    if topic in docs.PAGES:
        return f"{_place(topic)}.md"
    if topic in BY_NAME:
        return f"rules/{BY_NAME[topic].code}.md"
    word = docs.find_topic(topic)
    return f"words.md#{_anchor(word.title)}" if word is not None else ""


def _anchor(heading: str) -> str:
    """The anchor that the generator gives a heading."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


def _relative(target: str, folder: str) -> str:
    path, hash, anchor = target.partition("#")
    return os.path.relpath(path, folder or ".").replace(os.sep, "/") + hash + anchor


def write_pages(folder: Path = FOLDER) -> None:
    """Write the pages and the configuration of the generator into a folder, replacing what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in build_pages().items():
        path = folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    settings = {
        "INHERIT": str(ROOT / "docs/mkdocs.yml"), "site_url": f"{SITE}/", "repo_url": REPOSITORY,
        "repo_name": REPOSITORY.removeprefix("https://github.com/"),
        "docs_dir": "pages", "site_dir": "html", "nav": build_navigation(),
        "not_in_nav": "\n".join(f"/rules/{code}.md" for code in _retired_codes()),
    }  # fmt: skip
    (folder / "mkdocs.yml").write_text(json.dumps(settings, indent=1), "utf-8")  # JSON is YAML


def main(words: Sequence[str]) -> int:
    """Write the pages and build the site; return the exit status."""
    if words not in ([], ["--pages"]):
        print("usage: python -m docs.site [--pages]", file=sys.stderr)
        return 2
    write_pages()
    if words:
        return 0
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(FOLDER / "mkdocs.yml")]
    status = subprocess.run(command, check=False).returncode
    print(f"the site is in {FOLDER / 'html'}" if status == 0 else "the site was not built", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
