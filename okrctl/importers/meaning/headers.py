"""Knows what the columns and fields of other people's files are called, in seven languages."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from okrctl.importers.meaning.notation import find_month
from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError

# Our names, and what others call them: English, German, French, Spanish, Portuguese, Italian, Dutch. A name is compared
# without case, accents and signs.
COLUMN_NAMES: dict[str, str] = {
    "id": "id, gid, uid, uuid, guid, row id, row, key, okr id, goal id, item id, key result id, number, issue "
    "key, issue id, kr id, nr, nummer, numero, ref, code",
    "objective_id": "objective id, parent objective id",
    "parent": "parent, parent id, parent goal, parent objective, parent key, parent okr, parent name, parent "
    "title, parent summary, aligned to, aligned with, contributes to, supports, belongs to, ladders up "
    "to, ladders to, alignment, strategic alignment, rolls up to, epic, epic link, epic name, "
    "ubergeordnet, padre",
    "level": "level, type, kind, okr type, item type, goal type, objective or key result, entry type, issue "
    "type, work item type, typ, tipo, soort, okr level, ebene, niveau, nivel, livello, art, soort doel, "
    "categorie d objectif",
    "objective": "objective, o, objectives, objective title, objective name, goal name, objetivo, objetivos, "
    "objectif, objectifs, obiettivo, obiettivi, doel, doelstelling, ziel, ziele, zielsetzung, goals, "
    "objective statement, goal title, goal statement, oggettivo, objectives title",
    "key_result": "key result, key results, key result title, key result name, kr, krs, result, schlusselergebnis, "
    "schluesselergebnis, schlusselergebnisse, schluesselergebnisse, ergebnis, resultat cle, resultats "
    "cles, resultado clave, resultados clave, resultado chave, resultados chave, risultato chiave, "
    "risultati chiave, kernresultaat, kernresultaten, sleutelresultaat, sleutelresultaten, measure of "
    "success, messgrosse, messgroesse, kenngrosse, kenngroesse, erfolgskriterium, success criterion, "
    "success criteria, success metric, success measure, key result statement, kpi key result, key "
    "results description, measurable result, measurable outcome",
    "title": "title, objectives and key results, objective and key result, okrs, name, metric name, measure "
    "name, result name, outcome name, okr, okr title, item, item name, summary, kr title, kr name, "
    "titel, bezeichnung, titre, titulo, titolo, nom, nome, nombre, naam, libelle, text, statement, "
    "objective key result, objectives key results, objective or key result title, goal key result, "
    "objective kr, o kr, intitule, designation, denominacion, denominazione, denominacao, titulo do "
    "okr, denominatie, benaming, headline",
    "kpi": "kpi, kpis, kpi name, kpi title, indicator, kennzahl, indicateur, indicador, indicatore, indicatie",
    "better": "better, direction, desired direction, desired trend, good is, richtung, besser, sens, direccion, "
    "direcao, direzione, richting",
    "description": "description, details, detail, beschreibung, descripcion, descricao, descrizione, beschrijving, "
    "omschrijving, notes on goal, more information, descriptif, erlauterung, explication, detalle, "
    "detalles, detalhes, dettagli, dettaglio, uitleg, how we measure, how measured, measurement, "
    "measurement method, how it is measured, method of measurement",
    "why": "why, reason, rationale, motivation, why it matters, why this matters, begrundung, warum, pourquoi, "
    "por que, perche, waarom, strategic fit, purpose, begruendung, justification, justificacion, "
    "justificativa, motivazione, motivatie, reden",
    "owner": "owner, owners, owner name, owner id, assignee, assigned to, responsible, lead, dri, who, owned by, "
    "accountable, champion, driver, person, verantwortlich, verantwortliche, verantwortlicher, "
    "verantwortung, zustandig, responsable, responsavel, responsabile, proprietaire, propietario, "
    "proprietario, dono, eigenaar, verantwoordelijke, verantwoordelijk, pilote, owned by name, "
    "accountable person, accountable owner, responsible person, point of contact, contact, dueno, "
    "encargado, encargada, referente, verantw, inhaber, ansprechpartner, ansprechpartnerin, porteur, "
    "porteuse, trekker, wie, wer, quien, chi, quem, chargee de, referent, kr owner name, objective "
    "owner, goal owner, assignee name, directly responsible individual",
    "team": "team, departments, squads, groups, organization, organisation, teams, team name, department, "
    "group, squad, abteilung, bereich, equipe, equipo, time, squadra, departement, departamento, "
    "dipartimento, afdeling, mannschaft, gruppe, organization unit, organisation unit, org unit, "
    "organizational unit, organisational unit, business unit, division, division name, group name, "
    "squad name, tribe, chapter, department name, unita organizzativa, organisationseinheit, ressort, "
    "direction metier",
    "period": "timeline, date range, dates, period, quarter, cycle, time period, timeframe, time frame, session, "
    "planning session, interval, sprint, okr cycle, okr period, zeitraum, quartal, periode, trimestre, "
    "periodo, ciclo, kwartaal, cycle name, time range, okr quarter, fiscal quarter, fiscal period, okr "
    "session, planning period, cuatrimestre, semestre, halbjahr, half, jahr, annee, ano, anno, jaar, "
    "year",
    "start_date": "start date, start on, start at, started on, started at, begins on, valid from, starts, starts on, "
    "begin date, date start, from date, startdatum, beginn, date de debut, fecha de inicio, data de "
    "inicio, data inizio, begindatum, begin",
    "end_date": "end date, fallig am, faellig am, fallig bis, bis wann, zieltermin, zu erledigen bis, a echeance, "
    "due at, end on, ends at, end at, targeted at, valid until, ends, ends on, due date, due, due on, "
    "deadline, date end, to date, target date, enddatum, fallig, faellig, falligkeit, faelligkeit, "
    "termin, frist, echeance, date de fin, date limite, vencimiento, fecha limite, fecha de fin, prazo, "
    "data final, data limite, scadenza, vervaldatum, einddatum, bis, finish date, due by, completion "
    "date, target completion date, fecha fin, fecha final, data fim, data de fim, data de termino, data "
    "fine, datum fin, uiterste datum, deadline date, stichtag, zieldatum, date cible, date d echeance, "
    "fecha objetivo, fecha de vencimiento, data de vencimento, data obiettivo, streefdatum",
    "metric": "metric type, measure, measure type, measurement type, target type, unit type, kr type, metriktyp, "
    "messart",
    "start": "start, de, desde, da, van, dal, current baseline, start value, starting value, initial value, "
    "initial, baseline, baseline value, base, from, inicial, iniziale, initiale, ausgang, starting "
    "point, startwert, ausgangswert, ausgangslage, ist zu beginn, basis, basiswert, depart, valeur de "
    "depart, valeur initiale, point de depart, base de reference, valor inicial, valor de partida, "
    "linea base, linea de base, linha de base, inicio, valore iniziale, valore di partenza, partenza, "
    "beginwaarde, startwaarde, nulmeting, von, start point, start number, from value, beginning value, "
    "startpunkt, ausgangspunkt, wert zu beginn, baseline number, reference value, situation initiale, "
    "situacion inicial, valor base, valor de base, base inicial, ponto de partida, punto de partida, "
    "punto di partenza, uitgangswaarde, uitgangspunt, beginstand, startsituatie",
    "target": "target, para, hasta, naar, ate, end goal, target value, goal value, end value, to, total, goal "
    "target, target state, zielwert, soll, sollwert, zielgrosse, cible, valeur cible, valeur finale, "
    "valor objetivo, valor meta, valor alvo, alvo, valor final, valore obiettivo, valore target, "
    "traguardo, doelwaarde, streefwaarde, streefcijfer, zielzustand, target number, target metric, "
    "desired value, desired state, endwert, zielvorgabe, zielmarke, plan, planwert, objectif chiffre, "
    "valeur objectif, valeur visee, valor deseado, valor de destino, meta final, valore desiderato, "
    "valore finale, eindwaarde, eindstand, metric target value",
    "current": "current, current value, actual, actual value, value, latest value, now, current status, current "
    "state, latest, actuals, today, reading, istwert, ist, aktuell, aktueller wert, aktueller stand, "
    "ist wert, wert, actuel, actuelle, valeur actuelle, realise, actual valor, valor actual, valor "
    "atual, atual, valore attuale, attuale, huidig, huidige waarde, actuele waarde, waarde, current "
    "number, current metric, current result, achieved value, as is, where we are, progress value, "
    "current figure, gegenwartig, momentan, derzeit, derzeitiger wert, stand heute, ist stand, jetzt, "
    "valeur du jour, a ce jour, situation actuelle, resultat actuel, valor presente, hoy, ahora, "
    "situacion actual, resultado actual, hoje, resultado atual, situacao atual, oggi, valore corrente, "
    "situazione attuale, nu, nu op, vandaag, huidige stand, actuele stand, achieved, achievement, "
    "erreicht, erzielt, realisation, realisatie",
    "date": "date, last updated, updated, updated at, updated on, last update, last check in, last checkin, as "
    "of, last check in date, current date, checked, reading date, datum, stand vom, aktualisiert am, "
    "date de mise a jour, fecha, data, ultimo aggiornamento, laatst bijgewerkt, checkin date, check in "
    "date, last activity, last modified, modified, date of last update, date updated, recorded at, "
    "measured at, measured on, timestamp, recorded on, reported on, messdatum, mis a jour le, derniere "
    "mise a jour, ultima actualizacion, ultima atualizacao, fecha de actualizacion, data di "
    "aggiornamento, datum update",
    "progress": "progress, progress percent, progress in percent, percent complete, complete, completion, "
    "attainment, percentage complete, percent done, done, fortschritt, avancement, progression, "
    "progreso, avance, progresso, andamento, avanzamento, voortgang, progress so far, percent achieved, "
    "percent of target, percent to target, erfullungsgrad, zielerreichung, erfullt, taux d avancement, "
    "taux de realisation, cumplimiento, grado de avance, porcentaje de avance, percentual, conclusao, "
    "completamento, percentuale, percentuale di completamento, gereed percent",
    "score": "score, grade, final score, final grade, final, result score, end score, rating, note finale, "
    "bewertung, puntuacion, pontuacao, punteggio",
    "mid": "mid, mid score, mid q score, mid quarter score, mid quarter, midterm score, midpoint score",
    "projected": "projected, projected score, projection, forecast, forecast score, expected score",
    "status": "status, progress status, progress state, state, health, rag, rag status, okr status, traffic "
    "light, zustand, ampel, statut, etat, estado, situacao, stato, stand, current health, health "
    "status, goal status, okr health, traffic lights, trend status, lage, semaforo, feu, feu tricolore, "
    "stoplicht, situazione, farol, color, colour, couleur, kleur",
    "confidence": "confidence, confidence level, confidence score, zuversicht, vertrauen, konfidenz, confiance, "
    "confianza, confianca, fiducia, vertrouwen, likelihood, probability, confidence rating, confidence "
    "percent, confidence 1 10, wahrscheinlichkeit, probabilite, niveau de confiance, nivel de "
    "confianza, nivel de confianca, livello di fiducia, probabilita, probabilidad, probabilidade, "
    "zekerheid, kans",
    "weight": "weight, weighting, relative weight, gewicht, gewichtung, poids, ponderation, peso, ponderacion, "
    "gewichtung in prozent, weging",
    "priority": "priority, prio, prioritat, priorite, prioridad, prioridade, priorita, prioriteit",
    "unit": "unit, units, unit of measure, currency, einheit, unite, unidad, unidade, unita, eenheid, unita di "
    "misura, unidad de medida, metric key unit, metric unit, value unit, measurement unit, unit name, "
    "masseinheit, unite de mesure, meeteenheid, eenheden",
    "tags": "tags, tag, labels, label, schlagworte, etiquettes, etiquetas, etichette",
    "note": "note, notes, comment, comments, latest comment, last comment, update, latest update, kommentar, "
    "bemerkung, bemerkungen, notiz, commentaire, commentaires, comentario, comentarios, commento, "
    "opmerking, opmerkingen, remark, remarks, commentary, status comment, status update, check in "
    "comment, check in note, kommentare, anmerkung, anmerkungen, remarque, remarques, observacion, "
    "observaciones, observacao, observacoes, note e commenti, nota, notas, notitie, toelichting",
    "link": "link, links, url, urls, source, quelle, reference link, data source, datenquelle, lien, enlace, "
    "collegamento, bron",
}  # fmt: skip
# What a name means where its cells are mostly numbers, and where they are words.
AMBIGUOUS_NAMES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("goal", "ziel", "objectif", "objetivo", "obiettivo", "doel", "meta", "objective"), ("target", "objective")
    ),
    **dict.fromkeys(
        ("result", "resultado", "resultat", "risultato", "resultaat", "ergebnis"), ("current", "key_result")
    ),
    "metric": ("current", "metric"),
    "final": ("score", "current"),
    "stand": ("current", "status"),
    "bis": ("target", "end_date"),
    "plan": ("target", "description"),
    "measurement": ("current", "description"),
    "kpi": ("current", "kpi"),
}
TITLE_COLUMNS = ("key_result", "title", "objective", "kpi")
_COLUMNS_BY_NAME = {
    name: ours for ours, names in COLUMN_NAMES.items() for name in (*names.split(", "), ours.replace("_", " "))
} | {"goal": "target", "meta": "target"}
_PREFIXES = re.compile(
    r"(?:key results?|krs?|okrs?|objective|goal|metric|measure|latest|the|q[1-4]|fy ?[0-9]{2,4}|[0-9]{4}) (?=.)"
)
_SUFFIXES = re.compile(r" (?:percent|eoq|eoy|q[1-4]|fy ?[0-9]{2,4}|[0-9]{4}|in percent)$")
_NUMERIC_CELL = re.compile(r"[<>≤≥~$€£]*\s*[-+]?[$€£]?\s*[.]?[0-9]")
_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


_MONTH = r"[^\W\d_]{3,9}\.?"
_DAY_BEHIND = re.compile(
    r"(?i)(?P<name>[^\W\d_][^(\[]*?)[\s(\[]+(?:as of |as at |on |per |am |vom )?(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}|"
    rf"[0-9]{{1,2}}[./-][0-9]{{1,2}}(?:[./-](?:[0-9]{{4}}|[0-9]{{2}})?)?|[0-9]{{1,2}}\.? {_MONTH}(?: [0-9]{{4}})?|"
    rf"{_MONTH} [0-9]{{1,2}}(?:, [0-9]{{4}})?)[)\]]?"
)
_AS_OF = frozenset(("as of", "as at", "stand", "per", "am", "vom", "status", "value", "au", "situation au", "op"))
MEASURE_NAMES = frozenset(("metric name", "measure name", "result name", "outcome name", "metric", "outcome"))
_FILLERS = frozenset(
    "email emails mail id ids name names title goal row user value number level figure amount kr krs key "
    "result results okr okrs objective of the for in at by to eoq end quarter this period de del della du des "
    "la le el der die das van het do da wert valor valeur valore waarde".split()
)


MAX_NAME = 120  # characters; what is longer is no name of a column


class HeaderColumn(NamedTuple):
    """What a column holds, and what stood in brackets behind its name.

    `guess` is the name it is spelt like, `core` what is left of its name without words that say little.
    """

    ours: str
    qualifier: str = ""
    guess: str = ""
    core: str = ""


def normalize(name: str) -> str:
    """A name without case, accents and signs; camelCase and snake_case come apart."""
    spaced = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])", " ", name.replace("_", " "))
    plain = unicodedata.normalize("NFKD", spaced.replace("%", " percent ").casefold().replace("ß", "ss"))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter))))


def find_column(name: str) -> str | None:
    """Our name for a column, None for one that we do not know."""
    found = find_header(name)
    return found.ours if found else None


@lru_cache(maxsize=4096)
def find_header(name: str, with_typos: bool = True) -> HeaderColumn | None:
    """Our name for a column, with what is in brackets behind it; None for one that we do not know."""
    if len(name) > MAX_NAME:
        return None
    own = _numbering_column(name.strip())
    if own is not None:
        return own
    dated = split_day(name)
    if dated is not None:
        return _dated_column(*dated, with_typos)
    found = _known_column(name)
    if found is not None:
        return found
    plain = normalize(name)
    guess = difflib.get_close_matches(plain, _COLUMNS_BY_NAME, 1, 0.87) if with_typos and 6 <= len(plain) <= 40 else []
    return HeaderColumn(_COLUMNS_BY_NAME[guess[0]], _qualifier(name), guess[0]) if guess else None


def _dated_column(name: str, day: str, with_typos: bool) -> HeaderColumn | None:
    """`Actual 15 May` is a value of that day, and so is `As of 15 May`."""
    base = find_header(name, with_typos)
    if base is None and normalize(name) not in _AS_OF:
        return None
    if base is None or base.ours in ("current", "status", "date"):
        return HeaderColumn("current", day)
    return base._replace(qualifier=day)


def _known_column(name: str) -> HeaderColumn | None:
    """A column by its whole name, by a shorter one, by what is in brackets, or by one of several words for it."""
    qualifier, plain = _qualifier(name), normalize(name)
    for candidate in (plain, *_shorter_names(normalize(_BRACKET.sub(" ", name)))):
        if candidate in _COLUMNS_BY_NAME:
            return HeaderColumn(_COLUMNS_BY_NAME[candidate], qualifier)
    if qualifier and normalize(qualifier) in _COLUMNS_BY_NAME:  # `Custom field (Baseline)`
        return HeaderColumn(_COLUMNS_BY_NAME[normalize(qualifier)])
    for part in (plain, *map(normalize, re.split(r"/|\\|\|| or | oder | ou ", name))):
        rest = " ".join(word for word in part.split() if word not in _FILLERS)
        if rest in _COLUMNS_BY_NAME:
            return HeaderColumn(_COLUMNS_BY_NAME[rest], qualifier, core=rest)
    return None


def split_day(name: str) -> tuple[str, str] | None:
    """The name of a column and the day behind it, as in `Actual (15 May)` or `Stand 15.05.`; None without a day."""
    found = _DAY_BEHIND.fullmatch(name.strip())
    month = re.search(r"[^\W\d_]+", found["day"]) if found else None
    if found is None or (month is not None and find_month(month[0]) is None):
        return None
    return found["name"].strip(), found["day"]


def _numbering_column(name: str) -> HeaderColumn | None:
    """`#`, `KR #`, `Objective ID`: what a goal is called by others."""
    if name in ("#", "№", "Nº", "N°"):
        return HeaderColumn("id")
    numbered = re.fullmatch(r"(?i)(.+?)\s*(?:#|№|\bno\.?|\bnr\.?|\bnumber|\bid)", name)
    plain = normalize(numbered[1]) if numbered else ""
    if plain not in ("kr", "key result", "objective", "goal", "okr"):
        return None
    return HeaderColumn("objective_id" if plain in ("objective", "goal") else "id")


def _shorter_names(plain: str) -> list[str]:
    """A name, and the same without what only says of what or when it is: `KR owner`, `Target Q2`."""
    names = [plain]
    for pattern in (_SUFFIXES, _PREFIXES, _SUFFIXES):
        shorter = pattern.sub("", names[-1], count=1) if pattern is _SUFFIXES else _drop_prefix(names[-1])
        names.append(shorter)
    return [name for name in dict.fromkeys(names) if name]


def _drop_prefix(plain: str) -> str:
    found = _PREFIXES.match(plain)
    return plain[found.end() :] if found else plain


def map_columns(
    header: Iterable[str], mapping: Mapping[str, str], samples: Mapping[str, Sequence[str]] | None = None
) -> dict[str, HeaderColumn]:
    """Our names by the columns that have one; `mapping` goes before what is known, and may lead to `x-` keys.

    `samples` has the cells of columns: they decide what `Goal` means. Raises OkrctlError for a mapping from or to what
    is not there, or of two columns to one name.
    """
    columns = list(header)
    _require_mapping(columns, mapping)
    found = {theirs: HeaderColumn(own, _qualifier(theirs)) for theirs, own in mapping.items()}
    taken: set[str] = set(mapping.values())
    for theirs in sorted(filter(None, columns), key=_is_uncertain):
        column = None if theirs in found else _resolve(theirs, taken, (samples or {}).get(theirs, ()))
        if column is not None and column.ours not in taken:
            found[theirs] = column
            taken.add(column.ours)
    return {theirs: found[theirs] for theirs in columns if theirs in found}


def _qualifier(name: str) -> str:
    bracket = _BRACKET.search(name)
    return (bracket[1] or bracket[2] or "").strip() if bracket else ""


def _is_uncertain(name: str) -> bool:
    plain = normalize(_BRACKET.sub(" ", name))
    return plain not in _COLUMNS_BY_NAME or plain in AMBIGUOUS_NAMES


def _resolve(name: str, taken: set[str], cells: Sequence[str]) -> HeaderColumn | None:
    """What a column is; a name that may mean two things is decided by its cells."""
    column = find_header(name)
    meanings = AMBIGUOUS_NAMES.get(normalize(_BRACKET.sub(" ", name)))
    filled = [cell for cell in cells if cell.strip()]
    if meanings is None or not filled:
        return column
    numeric = sum(bool(_NUMERIC_CELL.match(cell.strip())) for cell in filled)
    ours = meanings[0] if 2 * numeric > len(filled) else _worded_meaning(meanings[1], taken, filled)
    return HeaderColumn(ours, column.qualifier if column else "")


def column_of_value(name: str, text: str) -> str:
    """Our name for a field, decided by its value where the name may mean two things; empty for an unknown one."""
    meanings = AMBIGUOUS_NAMES.get(normalize(name))
    if meanings is not None and text:
        return meanings[0] if _NUMERIC_CELL.match(text.strip()) else meanings[1]
    column = find_header(name)
    return column.ours if column and not column.guess else ""


def _worded_meaning(meaning: str, taken: set[str], cells: Sequence[str]) -> str:
    if meaning == "objective" and "objective" in taken:
        return "key_result" if "key_result" not in taken else "description"
    if meaning == "metric" and {"key_result", "title"}.isdisjoint(taken) and not _are_type_words(cells):
        return "key_result"
    if meaning == "metric" and "unit" not in taken and not all(map(is_type_word, cells)):
        return "unit"
    return meaning


def is_type_word(cell: str) -> bool:
    """Whether a cell says what kind of metric it is, as `number` and `percentage` do."""
    known = (
        "min",
        "max",
        "above",
        "below",
        "should",
        "stay",
        "maintain",
        "increase",
        "decrease",
        "value",
        "yes",
        "grade",
    )
    return _are_type_words([cell]) or cell.casefold().startswith(known)


def _are_type_words(cells: Sequence[str]) -> bool:
    words = ("number", "numeric", "percent", "boolean", "binary", "currency", "money", "count", "milestone", "%", "at ")
    return any(cell.casefold().startswith(words) for cell in cells)


def _require_mapping(columns: Sequence[str], mapping: Mapping[str, str]) -> None:
    for own in mapping.values():
        if list(mapping.values()).count(own) > 1:
            raise OkrctlError(f"two columns map to '{own}'", "map one of them to another field")
    for theirs, ours in mapping.items():
        if theirs not in columns:
            guess = suggestions.did_you_mean(suggestions.find_closest(theirs, columns))
            raise OkrctlError(f"no column '{theirs}'{guess}", f"columns: {', '.join(columns)}")
        if ours not in COLUMN_NAMES and not re.fullmatch(r"x-[^\s:#]+", ours):
            guess = suggestions.did_you_mean(suggestions.find_closest(ours, list(COLUMN_NAMES)))
            raise OkrctlError(
                f"unknown field '{ours}'{guess}", f"known fields: {', '.join(COLUMN_NAMES)}, or x-NAME for your own"
            )
