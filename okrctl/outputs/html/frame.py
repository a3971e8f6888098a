"""Puts a page around its contents: a policy that lets nothing in or out, the style, the way to skip to the contents."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from okrctl.outputs.html.markup import text
from okrctl.outputs.html.script import SCRIPT
from okrctl.outputs.html.style import STYLE


def page(title: str, header: str, main: str, *, scripted: bool = False) -> str:
    """A whole page; only one whose contents can be filtered needs the script."""
    script = f"<script>{SCRIPT}</script>\n" if scripted else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(scripted)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#main">Skip to the contents</a>\n<header>\n{header}\n</header>\n'
        f'<main id="main" tabindex="-1">\n{main}\n</main>\n'
        f"<footer><p>Written by okrctl from plain text files. Scores are what has been gone of the way agreed, "
        f"not an opinion.</p></footer>\n{script}</body>\n</html>\n"
    )


def policy(scripted: bool) -> str:
    """Nothing but our own style and script, known by their hashes."""
    allowed = [f"style-src '{_hash(STYLE)}'"] + ([f"script-src '{_hash(SCRIPT)}'"] if scripted else [])
    return "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])


def _hash(said: str) -> str:
    return f"sha256-{b64encode(sha256(said.encode()).digest()).decode()}"
