"""The goals of one team, which jobs at a forge check and people merge in tests."""

PATH = "okrs/2026-Q2/trust.yaml"
GOALS = """\
period: 2026-Q2
team: trust
objectives:
  - id: origin
    title: Users trace the origin of what they buy
    owner: lea
    key_results:
      - id: codes
        title: Codes requested by users
        from: 0
        to: 60
        readings:
          2026-04-13: 10
"""
EASIER = GOALS.replace("to: 60", "to: 40")
