"""Sentences that a reader of titles gets wrong easily, each with neighbours: another verb, noun, form, or name."""

from __future__ import annotations

import pytest

from tests.text.labelled import LabelledTitle

OBJECTIVES = """
objective-is-activity | Migrate all teams to Kubernetes
objective-is-activity | Move every team to the new ERP
objective-is-activity | Roll out the intranet to all clinics
objective-is-activity | Set up a second warehouse
objective-is-activity | Create a mobile app for volunteers
objective-is-activity | Introducing a four-day week in logistics
objective-is-activity | Launch executive dashboard
objective-is-activity | Launch partner portal
objective-is-activity | Build a reliable data platform
objective-is-activity | Launch of the new shop
objective-is-activity | Our goal is to translate the guide into Welsh
objective-is-activity | New booking system built and deployed
objective-is-activity | Identify three suppliers of cork
 | Launch pads never wait
 | Launch partners sell on day one
 | Ship crews sleep at home
 | Cut flowers last longer
 | Support staff go home on time
 | Build time no longer breaks the flow
 | Support tickets are a pleasure to read
 | Test coverage tells the truth
 | Build the most loved platform
 | Build the best place to work for nurses
 | Create trust between neighbours
 | Develop a community of makers
 | Build tools that teams love
objective-has-number | Ship parcels within 24 hours
objective-evergreen | Improve customer satisfaction
objective-evergreen | Increase revenue and reduce costs | objective-conjunction
objective-evergreen | Grow our user base
objective-evergreen | Improve customer and employee satisfaction
objective-evergreen | Higher quality
objective-evergreen | Increase the number of users
 | Improve push notification engagement
 | Improve the quality of night trains
 | Grow revenue from school contracts
objective-vague | Improve quality and performance
objective-vague | Increase satisfaction and transparency
objective-vague | Improved performance
objective-vague | Improving communication
objective-vague | Operational excellence
objective-vague | Improve performance of Team
objective-vague | Expand our offering
objective-vague | Strengthen collaboration between departments
objective-vague | Drive efficiency
objective-vague | Become more efficient
objective-vague | Build a better product
 | Improve the hand-over between night and day shift
 | Nurses and doctors share one roster
objective-conjunction | Simplify the sign-up and strengthen the ties with dealers
objective-conjunction | Reduce noise and remove every broken lamp
objective-conjunction | Win more trainees while cutting overtime on the wards
objective-conjunction | Lower emissions as well as improve the air in schools
objective-conjunction | Shorten the queue; win back the choirs
objective-conjunction | Improve onboarding; reduce cost for partners
objective-conjunction | Improve onboarding; win partners
objective-conjunction | Win choirs; then fill the hall
 | Win choirs; partners follow
 | Improve onboarding; no excuses
objective-evergreen | Increase revenue; reduce costs | objective-conjunction
 | Plan and run a fair that pays for itself | objective-is-activity
 | Help families compare and choose a nursery | objective-is-activity
objective-business-as-usual | Maintain the high availability of the shop
objective-business-as-usual | Ensure data protection compliance
objective-business-as-usual | Keep our systems secure
objective-business-as-usual | Continue to support the garden
 | Ensure that every order leaves the same day
 | Keep our promise to night-time callers
 | Keep children out of hospital
objective-has-number | Be a top-10 employer
objective-has-number | Waste a third of the bread no more
objective-has-number | Reduce waste by a third
objective-has-number | Open a dozen libraries | objective-is-activity
objective-has-number | Half of the city cycles
 | Terminal 2 runs like clockwork
 | Everyone asks the 5 whys
 | New colleagues love their first 100 days
 | We are certified to ISO 27001
""".strip("\n").splitlines()  # fmt: skip
KEY_RESULTS = """
activity-as-key-result | Help sales to tell good prospects from bad ones | to 100
activity-as-key-result | Support 400 families | to 400
activity-as-key-result | Book at least three talks | to 3
activity-as-key-result | Publish articles in trade journals | to 12
 | Help desk calls by prospects | to 20
 | Support tickets answered | to 80
 | Tracking code requests by visitors | to 900
 | Support 10x traffic | from 1000000 to 10000000
 | Published articles read to the end | to 70
vague-key-result | Faster checkouts | graded
vague-key-result | As few outages as possible | graded
vague-key-result | Improve how we run meetings | graded
 | Faster checkouts than last year | graded
 | Customers understand our prices | graded
multiple-metrics-in-title | Reach 25000 users and 40% of all orders | to 25000
multiple-metrics-in-title | Save 20 hours via 3 automations | to 20
multiple-metrics-in-title | Cut scrap to 3% and set-up time to 15 minutes | from 6 to 3
 | 90% of calls answered within 30 seconds | to 90
 | 10 of the 12 depots load before 6 am | to 10
""".strip("\n").splitlines()
GERMAN = """
objective-is-activity | Neue App einführen
objective-is-activity | Ein Handbuch für Filialleiter schreiben
objective-is-activity | Einführung einer neuen Software
objective-is-activity | Wir bauen ein zweites Lager auf
 | Kunden finden uns sofort
 | Vertrauen bei den Nachbarn aufbauen
objective-evergreen | Umsatz steigern
objective-evergreen | Mehr Umsatz
objective-vague | Kommunikation im Team verbessern
objective-vague | Verbesserung der Zusammenarbeit
 | Die Übergabe der Nachtschicht verbessern
objective-conjunction | Lärm auf Station senken und mehr Ehrenamtliche gewinnen
objective-business-as-usual | Die hohe Verfügbarkeit sicherstellen
objective-business-as-usual | Qualität halten
objective-business-as-usual | Qualität sichern
objective-business-as-usual | Die Qualität beibehalten
objective-business-as-usual | Vertrauen erhalten
objective-business-as-usual | Erhalt der Qualität
objective-business-as-usual | Wir halten die Qualität
 | Unser Wort halten
 | Mehr Bewertungen erhalten
 | Familien vor der Notunterkunft bewahren
objective-has-number | Die Zahl der Ausleihen verdoppeln
objective-has-number | Zehn Kunden gewinnen
objective-has-number | Zwölf zufriedene Chöre gewinnen
objective-has-number | Fünfundzwanzig Chöre singen im Hafen
objective-has-number | Drei neue Märkte erschließen
 | Zwei Partner gewinnen
 | Die zehn Gebote kennt jeder
 | Unsere ersten zwanzig Chöre singen im Hafen
 | In zehn Tagen ist jedes Rad wieder auf der Straße
 | Um zwölf Uhr essen alle im Hafen
objective-has-number | 25.000 Kinder lesen
 | Im 2. Quartal ist alles ruhig
""".strip("\n").splitlines()


def parse(line: str, kind: str) -> LabelledTitle:
    """A line with labels, title, and for key results the measure; labels stand on both sides of an objective."""
    label, title, *rest = (part.strip() for part in line.split("|"))
    labels = {label} | (set(rest) if kind == "objective" else set())
    measure: dict[str, object] = {}
    if kind == "key-result":
        words = rest[0].split()
        measure = {"graded": True} if words == ["graded"] else dict(zip(words[::2], words[1::2], strict=True))
    return LabelledTitle(title, kind, measure, frozenset(labels - {""}))


@pytest.mark.parametrize("line", OBJECTIVES)
def test_objectives(line: str) -> None:
    title = parse(line, "objective")
    assert title.findings() == title.labels


@pytest.mark.parametrize("line", KEY_RESULTS)
def test_key_results(line: str) -> None:
    title = parse(line, "key-result")
    assert title.findings() == title.labels


@pytest.mark.parametrize("line", GERMAN)
def test_german_objectives(line: str) -> None:
    title = parse(line, "objective")
    assert title.findings("de") == title.labels
