"""Style sheets and scripts that templates ask for by name: a file holds them itself, a server links to them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from markupsafe import Markup

from okrctl.templates import read_template

HASH_LENGTH = 12  # of the version in an address: enough to tell two versions of one file apart


class Assets(Protocol):
    """Decides how a page gets the style sheets and scripts that it names."""

    def policy(self, styles: Iterable[str], scripts: Iterable[str]) -> Markup:
        """The elements of the head that say what the page may load."""
        ...

    def style(self, name: str) -> Markup:
        """The element of a style sheet."""
        ...

    def script(self, name: str) -> Markup:
        """The element of a script; it runs when the page is there."""
        ...


class InlineAssets:
    """Of a page that is one file: everything stands in it, and its policy allows just that, by its hashes."""

    def policy(self, styles: Iterable[str], scripts: Iterable[str]) -> Markup:
        """A policy in the page, since nobody sends one beside it."""
        rules = ["default-src 'none'", *_sources("style-src", styles), *_sources("script-src", scripts)]
        content = "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])
        policy = Markup('<meta http-equiv="Content-Security-Policy" content="{}">').format(Markup(content))
        return policy + Markup('\n<meta name="referrer" content="no-referrer">')

    def style(self, name: str) -> Markup:
        """The style sheet, as it is: its hash must match."""
        return Markup(f"<style>{asset_text(name)}</style>")

    def script(self, name: str) -> Markup:
        """The script, as it is: its hash must match."""
        return Markup(f"<script>{asset_text(name)}</script>")


class LinkedAssets:
    """Of a page that a server sends: it links to each file below a prefix, with a version to keep it in caches.

    The server sends the policies as headers.
    """

    def __init__(self, prefix: str = "/assets/") -> None:
        self.prefix = prefix

    def policy(self, styles: Iterable[str], scripts: Iterable[str]) -> Markup:
        """Nothing."""
        return Markup("")

    def style(self, name: str) -> Markup:
        """A link to the style sheet."""
        return Markup('<link rel="stylesheet" href="{}">').format(self.address(name))

    def script(self, name: str) -> Markup:
        """A link to the script."""
        return Markup('<script src="{}" defer></script>').format(self.address(name))

    def address(self, name: str) -> str:
        """Where a file is, with the version that it has."""
        return f"{self.prefix}{name}?v={sha256(asset_text(name).encode()).hexdigest()[:HASH_LENGTH]}"


@lru_cache(maxsize=32)
def asset_text(name: str) -> str:
    """The text of a style sheet or a script, by its path below the templates for HTML."""
    return read_template(f"html/{name}")


def _sources(directive: str, names: Iterable[str]) -> list[str]:
    hashes = [f"'sha256-{b64encode(sha256(asset_text(name).encode()).digest()).decode()}'" for name in names]
    return [f"{directive} {' '.join(hashes)}"] if hashes else []
