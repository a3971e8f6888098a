"""Generates valid and invalid files from a few valid ones and a list of typical values."""

from __future__ import annotations

import copy
import random
from typing import Any

Data = dict[str, Any]

OKR: Data = {
    "period": "2026-Q2",
    "team": "product",
    "objectives": [
        {
            "id": "origin", "title": "Customers know where their food is from", "owner": "lea", "description": "More",
            "ambition": "committed", "weight": "2", "why": "Trust", "contributors": ["sales", "max"],
            "parent": "2026/company/trust", "kpis": ["queries"], "tags": "food", "links": ["https://acme.example"],
            "hypothesis": [{"kpi": "queries", "expect": "up", "because": "Reasons"},
                           {"kpi": "queries", "expect": "steady", "within": "5"}], "outcome": "reached",
            "readings": {"2026-04-13": {"confidence": "7", "note": "Well"}},
            "score": {"value": "0.7", "by": "lea", "reason": "Half was luck", "date": "2026-06-30"},
            "key_results": [
                {"id": "codes", "title": "Codes requested", "from": "0", "to": "25000", "unit": "codes",
                 "priority": "P1", "readings": {"2026-04-13": "1200",
                                                "2026-05": {"value": "2100", "confidence": "6", "forecast": "20000"}},
                 "plan": {"2026-05-15": "9000"}, "stretch": "30k", "due": "2026-06-15", "cadence": "10 days",
                 "amended": {"date": "2026-05-02", "by": "lea", "reason": "Season", "was": {"to": "60"}}},
                {"id": "returns", "title": "Returned parcels", "from": "4.3%", "change": "-7%", "aggregate": "mean"},
                {"id": "fraud", "title": "Fraud", "at_most": "0.2%", "guards": "all", "judge": "held",
                 "kpi": "queries"},
                {"id": "wait", "title": "Waiting time", "between": ["2", "5"], "unit": "min", "state": "active"},
                {"id": "page", "title": "The page is online", "done": "2026-05-04", "added": "2026-04-20"},
                {"id": "steps", "title": "Three steps",
                 "milestones": [{"title": "One", "done": "false", "weight": "2"}]},
                {"id": "taste", "title": "It tastes", "graded": {"0.3": "somewhat", "1": "well"},
                 "readings": {"2026-04-13": "0.3"}},
                {"id": "all", "title": "All of them", "to": "10", "rollup": {"sum": ["codes", "ops/speed.days"]}},
                {"title": "Not yet known", "state": "draft"},
            ],
            "initiatives": [{"title": "Print", "moves": "codes", "count": "3/5", "done": "false", "kpis": ["queries"]}],
        },
        {"title": "Perhaps later", "state": "draft", "key_results": {"to": "5"}},
    ],
}  # fmt: skip
KPI: Data = {
    "kpis": [
        {"id": "queries", "title": "Queries in a week", "owner": "lea", "team": "product", "better": "higher",
         "unit": "h", "indicator": "leading", "cadence": "weekly", "aggregate": "sum",
         "readings": {"2026-04-13": "5 h"}, "watch": {"below": "3", "above": "9"}, "target": "5",
         "source": {"csv": "a.csv", "date": "day"}, "tags": ["x"]},
        {"id": "band", "title": "Stays within", "between": ["48", "52"], "readings": "queries.csv",
         "formula": "queries * 2", "formerly": "old", "links": "https://acme.example"},
        {"id": "kept", "title": "Kept as CSV", "better": "lower",
         "readings": {"csv": "a.csv", "value": "n", "decimal": "comma"}},
    ]
}  # fmt: skip
CONFIG: Data = {
    "organisation": "Acme", "fiscal_year": {"starts": "april", "named_by": "end"}, "language": "en", "numbers": "de",
    "profile": "google",
    "teams": {"product": {"name": "Product", "lead": "lea", "parent": "company"}, "ops": {"lead": "max"}},
    "people": {"lea": {"name": "Lea", "email": "lea@acme.example"}, "max": {"name": "Max"}},
    "defaults": {"ambition": "committed", "kpi_cadence": "monthly", "key_result_cadence": "3 days"},
    "limits": {"objectives": "3", "key_results": "4", "kpis": "20"},
    "rules": {"no-parent": "ignore", "OKR304": "error"}, "fail_on": "warning",
    "scoring": {"missing": "skip", "cap": "none", "floor": "-0.5", "bands": ["0.4", "0.7"], "success": "0.8",
                "closing_days": "5", "agree_days": "7"},
    "pace": {"behind": "12", "at_risk": "30", "grace_days": "3"}, "sources": {"hosts": "acme.example"},
    "include": ["okrs/**/*.yaml"], "exclude": "okrs/old/**",
}  # fmt: skip
FILES = {"okr": OKR, "kpi": KPI, "config": CONFIG}

VALUES = """
1O0 4O 0x1F 0o5 0b1 4users 45x 12codes -4users $-5 EUR-3 EUR\N{NO-BREAK SPACE}-3 users\N{NO-BREAK SPACE}5 +cycle-7
4.5kEUR
5 0 -3 0.7 1.5 +20 1e3 .5 12k 5% -7% -7pp x2 3x 2x "5" '0.4' 1,000 72% $200k 1.2M 5m 12users TBD tbd abc 7/10 3/5
5/3 80% true True false "true" yes null ~ "" "\N{NO-BREAK SPACE}" 2026-04-13 2026-04-31 2026-13-01 2026-05 2026 2026-Q2
2026-Q5 FY26-Q1 Q2 q2 fy26 H1
draft active deprioritized done all weekly 10\N{NO-BREAK SPACE}days 0\N{NO-BREAK SPACE}days
P0 p4 P5 4 google none latest held higher up error info ignore company lea Lea product pro_duct product! cycle-7
a/b.c ../x.csv january April reached zero skip
""".split()
NESTED: list[Any] = [
    [], {}, ["5"], ["2", "9"], ["a", "b"], [["a"]], [{"a": "b"}], ["null"], {"a": "b"}, {"csv": "a.csv"},
    {"2026-04-13": "5"}, {"2026-04-13": "0.5"}, {"id": "c-7", "start": "2026-01-05", "end": "2026-02-05"},
]  # fmt: skip


def invent(kind: str, chance: random.Random) -> Data:
    """A good file of the kind, or one with a few changes that may break it."""
    data = copy.deepcopy(FILES[kind])
    for _ in range(chance.choice((0, 1, 1, 1, 1, 2, 3))):
        if not places(data):
            break
        chance.choice((replaced, replaced, replaced, dropped, renamed, added, wrapped))(data, chance)
    return data


def written(data: Any, indent: int = 0) -> str:
    """The data as block YAML; texts are written as they are, so that they may be anything."""
    before = "\n" + "  " * indent
    if isinstance(data, dict):
        return "".join(f"{before}{key}:{written(value, indent + 1)}" for key, value in data.items()) or " {}"
    if isinstance(data, list):
        return "".join(f"{before}-{written(value, indent + 1)}" for value in data) or " []"
    return f" {data}"


def replaced(data: Data, chance: random.Random) -> None:
    holder, key = chance.choice(places(data))
    holder[key] = value(chance)


def dropped(data: Data, chance: random.Random) -> None:
    holder, key = chance.choice(places(data))
    del holder[key]


def renamed(data: Data, chance: random.Random) -> None:
    holder, key = chance.choice([(holder, key) for holder, key in places(data) if isinstance(holder, dict)])
    new = chance.choice((f"x-{key}", str(key)[:-1] + "s", "2026-04-13", "2026-06-31", "0.5", keys(chance)))
    holder[new] = holder.pop(key)


def added(data: Data, chance: random.Random) -> None:
    holder = chance.choice([holder for holder, _ in places(data) if isinstance(holder, dict)])
    holder[keys(chance)] = value(chance)


def wrapped(data: Data, chance: random.Random) -> None:
    holder, key = chance.choice(places(data))
    inner = holder[key]
    holder[key] = inner[0] if isinstance(inner, list) and inner else [inner]


def value(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(NESTED)) if chance.random() < 0.2 else chance.choice(VALUES).replace("\xa0", " ")


def keys(chance: random.Random) -> str:
    known = [str(key) for file in FILES.values() for holder, key in places(file) if isinstance(holder, dict)]
    return chance.choice([*known, "x-own", "onwer"])


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every place in the data, as what holds it and the key or number there."""
    pairs = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    return [(data, key) for key, _ in pairs] + [place for _, inner in pairs for place in places(inner)]
