"""The settings and KPIs of the invented company, as they came to be."""

from __future__ import annotations

SETTINGS = """\
organisation: Morgenrot
fiscal_year: {starts: {MONTH}}
teams:
  app: {name: App, lead: paul}
  roastery: {name: Roastery, lead: noor}
  service: {name: Service, lead: jonas}
  markets: {name: Markets, lead: amara}
people:
  ines: {name: Ines, email: ines@morgenrot.example}
  paul: {name: Paul, email: paul@morgenrot.example}
  noor: {name: Noor, email: noor@morgenrot.example}
  jonas: {name: Jonas, email: jonas@morgenrot.example}
  amara: {name: Amara, email: amara@morgenrot.example}
  lu: {name: Lu, email: lu@morgenrot.example}
"""

README = """\
# Morgenrot, an invented company

Morgenrot roasts coffee and brings it to its subscribers every second week. Four teams (app, roastery, service,
markets) and the company as a whole agree on goals for each quarter. {A} is closed, {B} runs.

```
okrctl status                    # what needs somebody this week
okrctl score                     # how far each goal has come
okrctl score {A} {B}     # two quarters side by side
okrctl impact {A}            # which hypotheses held, and which did not
okrctl kpi                       # what the company watches
okrctl explain margin            # why it moved
okrctl diff HEAD~40              # which targets moved, and whether anybody said so
okrctl log weekly-plan           # the life of one key result
okrctl verify                    # whether the sealed scorecard still holds
okrctl report
```
"""

KPIS = """\
# What the company lives on. None of these has a target: objectives have.
kpis:
  - id: subscribers
    title: Active subscribers
    owner: ines
    better: higher
    indicator: lagging
    unit: subscribers
    readings: {csv: ../data/subscribers.csv, date: day, value: active}
  - id: basket
    title: What a subscriber pays in a month
    owner: lu
    better: higher
    indicator: lagging
    unit: EUR
    cadence: monthly
    readings:
      {m-9}: 24.1
      {m-8}: 24
      {m-7}: 24.3
      {m-6}: 24.2
      {m-5}: 24.6
      {m-4}: 24.5
      {m-3}: 24.9
      {m-2}: 25
      {m-1}: 25.3
      {m0}: 25.1
      {m1}: 24.6
  - id: turnover
    title: Turnover of a month
    owner: lu
    better: higher
    unit: EUR
    cadence: monthly
    formula: subscribers * basket
  - id: costs
    title: What a month costs
    owner: lu
    better: lower
    indicator: lagging
    unit: EUR
    cadence: monthly
    readings:
      {m-9}: 61k
      {m-8}: 61.5k
      {m-7}: 62k
      {m-6}: 62.2k
      {m-5}: 63k
      {m-4}: 63.4k
      {m-3}: 64k
      {m-2}: 65.1k
      {m-1}: 66k
      {m0}: 68.2k
      {m1}: 70.5k
  - id: margin
    title: What a month leaves over
    owner: lu
    better: higher
    unit: EUR
    cadence: monthly
    formula: turnover - costs
  - id: cancellations
    title: Subscriptions cancelled in a month
    owner: ines
    better: lower
    indicator: lagging
    unit: "%"
    cadence: monthly
    watch: {above: 4}
    readings:
      {m-15}: 3
      {m-14}: 3.1
      {m-13}: 3
      {m-12}: 2.9
      {m-11}: 3
      {m-10}: 3.1
      {m-9}: 3
      {m-8}: 3.1
      {m-7}: 3
      {m-6}: 3
      {m-5}: 2.9
      {m-4}: 3
      {m-3}: 3.2
      {m-2}: 3.5
      {m-1}: 3.8
      {m0}: 4.1
      {m1}: 4.3
  - id: satisfaction
    title: Subscribers who would recommend us
    owner: jonas
    better: higher
    indicator: leading
    unit: "%"
    cadence: monthly
    readings:
      {m-12}: 61
      {m-11}: 61
      {m-10}: 62
      {m-9}: 61
      {m-8}: 62
      {m-7}: 61
      {m-6}: 62
      {m-5}: 62
      {m-4}: 62
      {m-3}: 64
      {m-2}: 66
      {m-1}: 68
      {m0}: 67
      {m1}: 68
  - id: late-parcels
    title: Parcels that arrive late
    owner: noor
    better: lower
    indicator: leading
    unit: "%"
    readings:
      {a8}: 2.1
      {a10}: 2
      {b0}: 2.2
      {b2}: 2.1
      {b3}: 2.4
      {b4}: 2.9
      {b5}: 3.3
      {b6}: 3.8
      {b7}: 4.4
      {b8}: 4.9
      {b9}: 5.2
      {b10}: 5.6
      {b11}: 5.9
      {b12}: 6.1
  - id: green-stock
    title: Days that the green coffee in stock will last
    owner: noor
    between: [20, 35]
    indicator: leading
    unit: days
    readings:
      {a6}: 28
      {a10}: 30
      {b0}: 27
      {b3}: 29
      {b6}: 26
      {b8}: 25
      {b10}: 27
      {b12}: 26
"""

SUBSCRIBERS = """\
day,active
{a0},3480
{a1},3495
{a2},3512
{a3},3530
{a4},3541
{a5},3566
{a6},3590
{a7},3601
{a8},3622
{a9},3640
{a10},3655
{a11},3671
{b0},3690
{b1},3702
{b2},3711
{b3},3719
{b4},3722
{b5},3720
{b6},3714
{b7},3705
{b8},3701
{b9},3698
{b10},3690
{b11},3684
{b12},3679
"""
