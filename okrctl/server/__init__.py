"""The browser: a front door for people who do not write YAML, over the same operations as the command line.

Every page is rendered on the server, reads without JavaScript, and is the result of an operation. A form is answered in
two steps, preview and save; saving is the operation of a command, one edit of a file and one commit. `access` decides
who may come in, `workspace` keeps parsed files and answers between requests, `live` tells open pages what changed.
"""

from okrctl.server.page import Page
from okrctl.server.pages import (
    alignment,
    amend,
    changes,
    check_in,
    close,
    conflicts,
    draft,
    findings,
    goal,
    goals,
    impact,
    kpis,
    periods,
    week,
)

PAGES: tuple[Page, ...] = (
    *week.PAGES, *periods.PAGES, *goals.PAGES, *goal.PAGES, *kpis.PAGES, *alignment.PAGES, *impact.PAGES,
    *check_in.PAGES, *draft.PAGES, *findings.PAGES, *changes.PAGES, *amend.PAGES, *close.PAGES, *conflicts.PAGES,
)  # fmt: skip
"""All pages, in the order of the navigation."""
