"""The goals of the quarter that runs, with all that goes wrong in it."""

from __future__ import annotations

COMPANY = """\
period: {B}
objectives:
  - id: second-parcel
    title: The second parcel is as welcome as the first
    owner: ines
    why: Whoever orders twice stays for a year
    kpis: [subscribers, cancellations]
    hypothesis: {kpi: cancellations, expect: down}
    key_results:
      - id: reordered
        title: New subscribers who order a second parcel
        from: 67%
        to: 80%
        readings: @b - 67% - 68%!6 - 70% - 71%!5 - 73% - 74%
      - id: tables
        title: Tables of subscribers and offices
        to: 120
        unit: tables
        rollup: {sum: [markets/offices.office-tables, markets/neighbours.tables]}
"""

APP = """\
period: {B}
team: app
objectives:
  - id: weekly-plan
    title: Subscribers decide on Sunday what they drink on Monday
    owner: paul
    parent: company/second-parcel
    why: A plan of one's own is kept
    hypothesis: {kpi: cancellations, expect: down}
    key_results:
      - id: planned-weeks
        title: Weeks that subscribers plan themselves
        from: 12%
[-b5.3]         to: 60%
[b5.3-]         to: 45%
        readings: @b - 13% 15% 18% 20% 23% 25% 27% 29% 32% 34% 36% 37%
      - id: reminders
        title: Reminders that lead to a change of plan
        from: 5%
        to: 25%
        readings: @b - 11% - 24%!7
      - id: unwanted
        title: Parcels that nobody wanted
        at_most: 2%
        guards: all
        cadence: weekly
        readings: @b - 1.4% 1.5% 1.3% 1.6% 1.8% 1.7% 1.9% 1.8% 1.7% 1.9% 1.8% 1.8%
    initiatives:
      - title: Show Sunday's plan on the lock screen
        moves: planned-weeks
[-b3]         done: false
[b3-]         done: {!b3}
      - title: Ask six subscribers why they swipe it away
        moves: reminders
        count: 2/6
"""

ROASTERY = """\
period: {B}
team: roastery
objectives:
  - id: even-roast
    title: Every bag tastes the way the last one did
    owner: noor
    ambition: committed
    carried_from: {A}/roastery/even-roast
    parent: company/second-parcel
    why: A surprise in the morning is no pleasure
    key_results:
      - id: defects
        title: Bags that fail the tasting
        from: 3.8%
[-b4.3]         to: 2.5%
[b4.3-]         to: 2%
[b4.3-]         amended:
[b4.3-]           - {date: {!b4.3}, by: noor, reason: The second mill does better than we thought, was: {to: 2.5%}}
        readings: @b - 3.6% - 3.2% - 2.8%!8 - 2.4% - 2.2% - 2.1% 2.05%
      - id: second-mill
        title: The second mill grinds every day
        milestones:
          - {title: Delivered, id: delivered, done: {!b0}}
[-b2]           - {title: Calibrated, id: calibrated, weight: 2, done: false}
[b2-]           - {title: Calibrated, id: calibrated, weight: 2, done: {!b2}}
      - id: waste
        title: Green coffee thrown away in a week
        owner: nor
        at_most: 30 kg
        guards: [defects]
        cadence: weekly
        readings: @b - 22 24 23 27 29 34 37 36 38 41 40 42
"""

SERVICE = """\
period: {B}
team: service
objectives:
  - id: calm-mornings
    title: Nobody has to call us before the first cup
    owner: jonas
    parent: company/second-parcel
    why: What is clear needs no call
    kpis: [satisfaction]
    hypothesis: {kpi: satisfaction, expect: up}
    key_results:
      - id: morning-calls
        title: Calls before nine
        from: 140
        to: 60
        unit: calls
        readings: @b - 138 - 136 - 133 - 131!3 129 128 127 127 126
      - id: clear-labels
        title: Bags whose label says how to brew
        from: 20%
        to: 100%
        readings: @b - 24% - 37% - 51% - 66% 72% 80% 86% 92% 96%
      - id: refunds
        title: Agreed with the bank how refunds go out
        due: {!b9}
        done: false
"""

MARKETS = """\
period: {B}
team: markets
objectives:
  - id: neighbours
    title: Neighbours of our subscribers come back for a second cup
    owner: amara
    parent: company/second-parcel
    why: The first cup is curiosity
    key_results:
      - id: tables
        title: Tables set up again
        to: 60
        unit: tables
        readings: @b - 6 - 17 - 28 - 40 45 49 53 57 61
      - id: second-cups
        title: Neighbours who come back
        from: 10%
        to: TBD
        readings: @b - 11% - 14% - 17% - 19% 20% 21% 22% 23% 24%
  - id: newspaper
    title: The newspaper writes about us without being asked
    owner: amara
    why: A story told by others is believed
[b5.4-]     state: deprioritized
[b5.4-]     since: {b5.4}
[b5.4-]     reason: Made room for the offices that asked for tables of their own
    key_results:
      - id: stories
        title: Stories in a newspaper
        to: 4
        unit: stories
        readings: @b - - 0
      - id: readers
        title: Readers who name the newspaper as how they found us
        to: 150
        unit: readers
        readings: @b - - 2
[b5.4-]   - id: offices
[b5.4-]     title: Offices pour our coffee at their own tables
[b5.4-]     owner: amara
[b5.4-]     added: {b5.4}
[b5.4-]     parent: company/second-parcel
[b5.4-]     why: Eleven asked within a week
[b5.4-]     key_results:
[b5.4-]       - id: office-tables
[b5.4-]         title: Tables in offices
[b5.4-]         to: 60
[b5.4-]         unit: tables
[b6-]         readings: @b - - - - - - 4 12 19 24 30 36 41
[b5.4-]       - id: office-parcels
[b5.4-]         title: Offices that order a second parcel
[b5.4-]         from: 0%
[b5.4-]         to: 50%
[b7-]         readings: @b - - - - - - - 8% 14% 20% 26% 31% 36%
"""

TEXTS = {"company": COMPANY, "app": APP, "roastery": ROASTERY, "service": SERVICE, "markets": MARKETS}
