"""Workspaces for tests of reports: a small one with hostile titles, and a large one of five hundred key results."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.running import write

DAY = date(2026, 5, 20)
HOSTILE = (
    "<script>alert(1)</script>",
    "</style></title><img src=x onerror=alert(1)>",
    "Say 'yes' and \\\"no\\\" & `code` | [link](https://evil.example)",
    "bell \\a and escape \\e[31m and null \\0 done",
    "turn \\u202e around \\u2066 here",
    "ping @acme/board and @lea about #12",
    '-->"]; end; click o1 \\"javascript:alert(1)\\"',
    "```\\n# heading",
    "Donaudampfschifffahrtsgesellschaft" * 9,
    "מטרה לרבעון 2026: (צמיחה) 100%",
)


def hostile(root: Path) -> Path:
    """A workspace in which every text contains markup or control characters."""
    lines = ["period: 2026-Q2", "team: shop", "objectives:"]
    for number, title in enumerate(HOSTILE):
        said = '"' + title.replace('"', '\\"').replace('\\\\"', '\\"') + '"'
        lines += [
            f"  - id: o{number}", f"    title: {said}", f"    owner: {said}", f"    why: {said}",
            *([f"    parent: o{number - 1}"] if number else []), "    key_results:",
            f"      - id: k{number}", f"        title: {said}", "        from: 10", "        to: 50",
            "        readings:", f"          2026-05-04: {{value: 20, note: {said}}}",
        ]  # fmt: skip
    kpis = f'kpis:\n  - id: visits\n    title: "{HOSTILE[0]}"\n    owner: "{HOSTILE[1]}"\n    better: higher\n'
    kpis += "    watch: {below: 90}\n    readings: {2026-03-01: 100, 2026-04-20: 90, 2026-05-10: 80}\n"
    settings = f'organisation: "{HOSTILE[0]}"\nteams:\n  shop: {{name: "{HOSTILE[1]}"}}\n'
    okrs = "\n".join(lines) + "\n"
    return write(root, {"okrctl.yaml": settings, "okrs/2026-Q2/shop.yaml": okrs, "kpis/all.yaml": kpis})


def plain(root: Path) -> Path:
    """Two teams, two quarters, a formula, a hypothesis, a guardrail, a decline, something that needs a decision."""
    return write(root, PLAIN)


PLAIN = {
    "okrctl.yaml": """organisation: Acme
people: {lea: {name: Lea}, tom: {name: Tom}}
teams: {shop: {name: The shop}}
""",
    "okrs/2026-Q1/shop.yaml": """period: 2026-Q1
team: shop
objectives:
  - id: loved
    title: Customers love to come back
    owner: lea
    key_results:
      - {id: orders, title: Orders each week, from: 100, to: 200, readings: {2026-03-20: 180}}
""",
    "okrs/2026-Q2/company.yaml": """period: 2026-Q2
objectives:
  - id: grow
    title: The company stands on its own feet
    owner: tom
    hypothesis: {kpi: margin, expect: up, because: Loyal customers cost less}
    key_results:
      - {id: share, title: Share of loyal customers, from: 20%, to: 40%, readings: {2026-04-20: 24%, 2026-05-18: 31%}}
      - {id: launch, title: The new shop is open, done: false, due: 2026-06-15}
""",
    "okrs/2026-Q2/shop.yaml": """period: 2026-Q2
team: shop
objectives:
  - id: loved
    title: Customers love to come back
    owner: lea
    parent: company/grow
    key_results:
      - id: orders
        title: Orders each week
        owner: tom
        from: 100
        to: 200
        readings: {2026-04-20: 130, 2026-05-18: 110}
      - {id: calls, title: Calls about broken things, from: 80, to: 20, readings: {2026-04-20: 70, 2026-05-18: 40}}
      - {id: costs, title: Cost of an order, at_most: 5 EUR, guards: all, readings: {2026-05-18: 6 EUR}}
""",
    "kpis/company.yaml": """kpis:
  - {id: margin, title: What is left over, owner: tom, better: higher, unit: EUR, formula: income - spending}
  - id: income
    title: Income of a week
    better: higher
    unit: EUR
    readings: {2026-03-30: 900, 2026-04-20: 1000, 2026-05-18: 1100}
  - id: spending
    title: Spending of a week
    better: lower
    unit: EUR
    watch: {above: 850}
    readings: {2026-03-30: 700, 2026-04-20: 760, 2026-05-18: 900}
""",
}


def large(root: Path) -> Path:
    """Ten teams with ten objectives of five key results each, eight readings to a key result."""
    found = {}
    for team in range(10):
        lines = ["period: 2026-Q2", f"team: team-{team}", "objectives:"]
        for objective in range(10):
            parent = [f"    parent: team-0/objective-{objective}"] if team else []
            lines += [
                f"  - id: objective-{objective}", f"    title: Customers of region {objective} stay",
                f"    owner: lead-{team}", *parent, "    key_results:",
            ]  # fmt: skip
            for result in range(5):
                lines += _result(team, objective, result)
        found[f"okrs/2026-Q2/team-{team}.yaml"] = "\n".join(lines) + "\n"
    return write(root, found)


def _result(team: int, objective: int, result: int) -> list[str]:
    lines = [
        f"      - id: result-{result}", f"        title: Households of region {objective} that order again {result}",
        f"        owner: person-{(objective + result) % 7}", f"        from: {10 + result}%",
        f"        to: {60 + result}%", "        readings:",
    ]  # fmt: skip
    for week in range(7):
        value = 10 + result + (objective * 7 + result * 3 + team) % 9 * week
        lines.append(f"          {date(2026, 4, 2) + timedelta(days=7 * week)}: {{value: {value}%, confidence: 6}}")
    return lines
