"""What a page of the server is: an address, and a function that answers a visit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from starlette.responses import Response

from okrctl.server.visit import Visit


class Page(NamedTuple):
    """One page. `title` is its name in the navigation, empty where it is not listed.

    `write` is the kind of write it is for; where nobody may do that, it is not listed.

    `is_question`: its POST asks about what is typed and writes nothing, so that it waits for no other request.

    `is_kept`: its answers to GET depend on nothing but the files, git's history, the day and who asks, so that they are
    kept until one of these changes. `has_branches`: they depend on all local branches too.
    """

    path: str
    respond: Callable[[Visit], Response]
    title: str = ""
    methods: tuple[str, ...] = ("GET",)
    is_kept: bool = True
    write: str = ""
    is_question: bool = False
    has_branches: bool = False
