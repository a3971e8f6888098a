"""Renders a template into a page whose policy allows its own style and script, by their hashes, and nothing else."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from okrctl.outputs.reports import charts, markdown
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import kpi, scorecard
from okrctl.outputs.view import TONES
from okrctl.values.addresses import SITE


def render(template: str, **context: Any) -> str:
    """A page; all text in it is escaped, and control characters become visible."""
    return environment().get_template(template).render(**context)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, with what they call; style and script are printed as they are, since their hashes must match."""
    loader = PackageLoader("okrctl.templates", "html")
    jinja = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, finalize=_sanitize, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    style, script = (loader.get_source(jinja, name)[0] for name in ("style.css", "filters.js"))
    jinja.globals |= {
        "style": Markup(style), "style_hash": _hash(style), "script": Markup(script), "script_hash": _hash(script),
        "charts": charts, "wording": scorecard, "kpi_wording": kpi, "report_wording": markdown, "tones": TONES,
        "site": SITE,
    }  # fmt: skip
    return jinja


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _sanitize(value: Any) -> Any:
    """What an expression prints: markup from templates as it is, text without control characters."""
    return value if isinstance(value, Markup) else sanitize(str(value))
