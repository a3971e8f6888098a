"""All rules, one module each, discovered by listing this package.

A new rule is one new module: its docstring is its page, and its `RULE` declares code, name, severity and check
functions. No list names it, so a rule cannot be forgotten. The modules are imported together with this package, and
the package is imported only when rules run or are explained: a check whose result is cached needs none of them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from okrctl.check.rule import Rule


def _discover_rules() -> Iterator[Rule]:
    """The `RULE` of every module of this package, with the docstring of the module."""
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        rule = getattr(module, "RULE", None)
        if not isinstance(rule, Rule):
            raise TypeError(f"{module.__name__} does not declare a RULE")
        yield replace(rule, doc=module.__doc__ or "")


def index_rules(rules: Iterable[Rule]) -> dict[str, Rule]:
    """The rules by code and by name; raises ValueError if two rules share one, or one is retired."""
    index: dict[str, Rule] = {}
    for rule in rules:
        for word in (rule.code, rule.name):
            if word in index or word in RETIRED:
                raise ValueError(f"two rules share the name or code '{word}', or it is retired")
            index[word] = rule
    return index


# What replaced rules that were retired, by code and by name. A code is never used again.
RETIRED: Mapping[str, str] = {"OKR322": "suspected-slip", "reading-outlier": "suspected-slip"}

RULES: tuple[Rule, ...] = tuple(sorted(_discover_rules(), key=lambda rule: rule.code))
BY_NAME: Mapping[str, Rule] = index_rules(RULES)
