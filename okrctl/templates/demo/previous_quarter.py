"""The goals of the quarter before, with how they went and what was learnt."""

from __future__ import annotations

COMPANY = """\
period: {A}
objectives:
  - id: daily-cup
    title: Our coffee is part of the morning of people who never thought about coffee
    owner: ines
    why: Habits outlive campaigns
    kpis: [subscribers]
    hypothesis: {kpi: subscribers, expect: up}
[b1.2-]     outcome: reached
[b1.2-]     retrospective: The habit begins with the second parcel, so that is what we look at next.
    key_results:
      - id: second-parcel
        title: New subscribers who order a second parcel
        from: 54%
        to: 70%
        readings: @a - 55% - 57%!6 - 60% - 62%!7 - 64% 66% 67%
      - id: regulars
        title: Subscribers who kept their rhythm for the whole quarter
        from: 1900
        to: 2300
        unit: subscribers
        readings: @a - 1910 - 1980 - 2040 - 2110 - 2170 - 2240
"""

APP = """\
period: {A}
team: app
objectives:
  - id: pause
    title: Subscribers pause without having to ask
    owner: paul
    parent: company/daily-cup
    why: Whoever may pause need not leave
    hypothesis: {kpi: cancellations, expect: down, because: a pause takes the place of a farewell}
[b1.2-]     outcome: reached
[b1.2-]     retrospective: Pausing got easy, and so did leaving, which stood on the same page.
    key_results:
      - id: own-pause
        title: Pauses that subscribers set up on their own
        from: 15%
        to: 80%
        readings: @a - 15% 18% 25% 34% 41% 50% 58% 63% 68% 71% 74%
      - id: pause-time
        title: Time it takes to pause
        from: 190
        change: -60%
        unit: s
        readings: @a - 190 - 160 - 130 - 112 - 96 - 88
      - id: locked-out
        title: Subscribers locked out by mistake in a week
        at_most: 10
        guards: all
        cadence: weekly
        readings: @a - 3 4 2 6 5 4 3 7 5 4 4
"""

ROASTERY = """\
period: {A}
team: roastery
objectives:
  - id: even-roast
    title: Every bag tastes the way the last one did
    owner: noor
    ambition: committed
    parent: company/daily-cup
    why: A surprise in the morning is no pleasure
[b1.2-]     outcome: missed
[b1.2-]     retrospective: The second mill came six weeks late, and we had planned nothing without it.
    key_results:
      - id: defects
        title: Bags that fail the tasting
        from: 4.8%
        to: 3%
        readings: @a - 4.8% - 4.6% - 4.5%!4 - 4.1% - 3.9% - 3.8%
      - id: second-mill
        title: The second mill grinds every day
        milestones:
          - {title: Ordered, id: ordered, done: {!a1}}
[-a8]           - {title: Delivered, id: delivered, done: false}
[a8-]           - {title: Delivered, id: delivered, done: {a8}}
          - {title: Calibrated, id: calibrated, weight: 2, done: false}
      - id: tasting-held
        title: Bags tasted in a week
        at_least: 40
        judge: held
        cadence: weekly
        readings: @a 42 41 44 38 45 42 40 41 36 44 43 42
"""

SERVICE = """\
period: {A}
team: service
objectives:
  - id: one-answer
    title: Whoever asks us something asks only once
    owner: jonas
    parent: company/daily-cup
    why: Waiting for an answer costs more trust than a wrong bag
    hypothesis: {kpi: satisfaction, expect: up}
[b1.2-]     outcome: reached
[b1.2-]     retrospective: Two people who may decide are worth more than five who may not.
    key_results:
      - id: first-contact
        title: Questions settled with the first answer
        from: 48%
        to: 75%
        readings: @a - 48% - 53% - 58% - 63% - 67% - 70%
      - id: answer-time
        title: Hours until the first answer
        from: 26
        to: 8
        unit: h
        readings: @a - 26 - 21 - 17 - 14 - 11 - 10
      - id: voice
        title: Our answers sound like us
        cadence: monthly
        graded:
          0.3: Written down what that means
          0.7: Everybody answers that way
          1: Subscribers say so unasked
[a6-]         readings:
[a6-]           {a6}: 0.3
[a11-]           {a11}: 0.7
"""

MARKETS = """\
period: {A}
team: markets
objectives:
  - id: neighbours
    title: Neighbours of our subscribers know us by taste
    owner: amara
    parent: company/daily-cup
    why: Nobody believes a poster and everybody believes a neighbour
[b1.2-]     outcome: reached
    key_results:
      - id: cups
        title: Cups poured for neighbours
        to: 600
        unit: cups
        aggregate: sum
        cadence: weekly
        readings: @a 40 52 61 48 55 70 66 58 62 49 54 60
      - id: tables
        title: Subscribers who set up a table
        to: 40
        unit: tables
        readings: @a - 5 - 14 - 22 - 31 - 37 - 44
  - id: station
    title: Commuters can drink our coffee on the way
    owner: amara
    why: A morning begins on the train
[a5.3-]     state: postponed
[a5.3-]     since: {a5.3}
[a5.3-]     reason: The landlord of the station does not answer
    key_results:
      - id: commuters
        title: Cups sold to commuters
        to: 500
        unit: cups
        readings: @a - - 10 - 22
      - id: lease
        title: The lease is signed
        done: false
"""

TEXTS = {"company": COMPANY, "app": APP, "roastery": ROASTERY, "service": SERVICE, "markets": MARKETS}
