"""Finds suppressions without a rule, or with an unknown rule.

A suppression must name a rule by its name or code, so that readers see what was suppressed. You cannot suppress all
rules at once.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from  # okrctl: ignore[mising-owner]
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from  # okrctl: ignore[missing-owner]
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule, SuppressedFile
from okrctl.values import suggestions
from okrctl.values.diagnostic import Replacement

MAX_SUGGESTIONS = 1000  # of one file, because each unknown name is compared with all rules


def check(subject: SuppressedFile, context: Context) -> Iterator[Finding]:
    """Suppressions without a name, and names that are not rules."""
    count = 0
    for comment in subject.file.document.ignore_comments:
        if not comment.names:
            yield Finding((), "this suppression names no rule", "write `ignore[rule-name]`", span=comment.span)
        for name, span in comment.names:
            if name not in subject.rules:
                count += 1
                meant = subject.retired.get(name)
                if meant is None and count <= MAX_SUGGESTIONS:
                    meant = suggestions.find_closest(name, list(subject.rules))
                fix = (Replacement(span, meant),) if meant else ()
                message = f"there is no rule '{name}'{suggestions.did_you_mean(meant)}"
                yield Finding((), message, span=span, fix=fix)


RULE = Rule(code="OKR012", name="unknown-ignore", severity="error", check_suppressions=check)
