"""Knows what the columns and fields of other people's files are called, in seven languages."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError

# Our names, and what others call them: English, German, French, Spanish, Portuguese, Italian, Dutch. A name is compared
# without case, accents and signs.
COLUMN_NAMES: dict[str, str] = {
    "id": "id, key, okr id, goal id, item id, key result id, number, issue key, issue id, kr id, nr, nummer, "
    "numero, ref, code",
    "objective_id": "objective id, parent objective id",
    "parent": "parent, parent id, parent goal, parent objective, parent key, parent okr, parent name, parent title, "
    "parent summary, aligned to, aligned with, contributes to, supports, belongs to, ladders up to, ladders to, "
    "rolls up to, epic, epic link, epic name, ubergeordnet, padre",
    "level": "level, type, kind, okr type, item type, goal type, objective or key result, entry type, issue type, "
    "work item type, typ, tipo, soort",
    "objective": "objective, objectives, objective title, objective name, goal name, objetivo, objetivos, objectif, "
    "objectifs, obiettivo, obiettivi, doel, doelstelling, ziel, ziele, zielsetzung, goals",
    "key_result": "key result, key results, key result title, key result name, kr, krs, result, schlusselergebnis, "
    "schluesselergebnis, schlusselergebnisse, schluesselergebnisse, ergebnis, "
    "resultat cle, resultats cles, resultado clave, resultados clave, "
    "resultado chave, resultados chave, risultato chiave, risultati chiave, kernresultaat, kernresultaten, "
    "sleutelresultaat, sleutelresultaten, measure of success, success measure",
    "title": "title, name, okr, okr title, item, item name, summary, kr title, kr name, titel, bezeichnung, titre, "
    "titulo, titolo, nom, nome, nombre, naam, libelle, text, statement",
    "kpi": "kpi, kpis, kpi name, kpi title, indicator, kennzahl, indicateur, indicador, indicatore, indicatie",
    "better": "better, direction, desired direction, desired trend, good is, richtung, besser, sens, direccion, "
    "direcao, direzione, richting",
    "description": "description, details, detail, beschreibung, descripcion, descricao, descrizione, beschrijving, "
    "omschrijving",
    "why": "why, reason, rationale, motivation, why it matters, why this matters, begrundung, warum, pourquoi, "
    "por que, perche, waarom",
    "owner": "owner, owners, owner name, owner id, assignee, assigned to, responsible, lead, dri, who, owned by, "
    "accountable, champion, driver, person, verantwortlich, verantwortliche, verantwortlicher, verantwortung, "
    "zustandig, responsable, responsavel, responsabile, proprietaire, propietario, proprietario, dono, eigenaar, "
    "verantwoordelijke, verantwoordelijk, pilote",
    "team": "team, teams, team name, department, group, squad, abteilung, bereich, equipe, equipo, time, squadra, "
    "departement, departamento, dipartimento, afdeling, mannschaft, gruppe",
    "period": "period, quarter, cycle, time period, timeframe, time frame, session, planning session, interval, "
    "sprint, okr cycle, okr period, zeitraum, quartal, periode, trimestre, periodo, ciclo, kwartaal, cycle name",
    "start_date": "start date, starts, starts on, begin date, date start, from date, startdatum, beginn, "
    "date de debut, fecha de inicio, data de inicio, data inizio, begindatum, begin",
    "end_date": "end date, ends, ends on, due date, due, due on, deadline, date end, to date, target date, "
    "enddatum, fallig, faellig, falligkeit, faelligkeit, termin, frist, "
    "echeance, date de fin, date limite, vencimiento, fecha limite, "
    "fecha de fin, prazo, data final, data limite, scadenza, vervaldatum, einddatum, bis",
    "metric": "metric type, measure, measure type, measurement type, target type, unit type, kr type, "
    "metriktyp, messart",
    "start": "start, start value, starting value, initial value, initial, baseline, "
    "baseline value, base, from, inicial, iniziale, initiale, ausgang, "
    "starting point, startwert, ausgangswert, ausgangslage, ist zu beginn, basis, basiswert, depart, "
    "valeur de depart, valeur initiale, point de depart, base de reference, valor inicial, valor de partida, "
    "linea base, linea de base, linha de base, inicio, valore iniziale, valore di partenza, partenza, "
    "beginwaarde, startwaarde, nulmeting, von",
    "target": "target, target value, goal value, end value, to, total, goal target, target state, "
    "zielwert, soll, sollwert, "
    "zielgrosse, cible, valeur cible, valeur finale, valor objetivo, valor meta, valor alvo, alvo, "
    "valor final, valore obiettivo, valore target, traguardo, doelwaarde, streefwaarde, streefcijfer, zielzustand",
    "current": "current, current value, actual, actual value, value, latest value, now, current status, "
    "current state, latest, "
    "actuals, today, reading, istwert, ist, aktuell, aktueller wert, aktueller stand, ist wert, wert, actuel, "
    "actuelle, valeur actuelle, realise, actual valor, valor actual, valor atual, atual, valore attuale, attuale, "
    "huidig, huidige waarde, actuele waarde, waarde",
    "date": "date, last updated, updated, updated at, updated on, last update, last check in, last checkin, as of, "
    "last check in date, current date, checked, reading date, datum, stand vom, aktualisiert am, date de mise a jour, "
    "fecha, data, ultimo aggiornamento, laatst bijgewerkt",
    "progress": "progress, progress percent, progress in percent, percent complete, complete, completion, attainment, "
    "percentage complete, percent done, done, fortschritt, avancement, progression, progreso, avance, progresso, "
    "andamento, avanzamento, voortgang",
    "score": "score, grade, final score, final grade, final, result score, end score, rating, note finale, "
    "bewertung, puntuacion, pontuacao, punteggio",
    "mid": "mid, mid score, mid q score, mid quarter score, mid quarter, midterm score, midpoint score",
    "projected": "projected, projected score, projection, forecast, forecast score, expected score",
    "status": "status, state, health, rag, rag status, okr status, traffic light, zustand, ampel, statut, etat, "
    "estado, situacao, stato, stand",
    "confidence": "confidence, confidence level, confidence score, zuversicht, vertrauen, konfidenz, confiance, "
    "confianza, confianca, fiducia, vertrouwen",
    "weight": "weight, weighting, relative weight, gewicht, gewichtung, poids, ponderation, peso, ponderacion, "
    "gewichtung in prozent, weging",
    "priority": "priority, prio, prioritat, priorite, prioridad, prioridade, priorita, prioriteit",
    "unit": "unit, units, unit of measure, currency, einheit, unite, unidad, unidade, unita, eenheid, "
    "unita di misura, unidad de medida, metric key unit",
    "tags": "tags, tag, labels, label, schlagworte, etiquettes, etiquetas, etichette",
    "note": "note, notes, comment, comments, latest comment, last comment, update, latest update, kommentar, "
    "bemerkung, bemerkungen, notiz, commentaire, commentaires, comentario, comentarios, commento, opmerking, "
    "opmerkingen, remark, remarks",
    "link": "link, links, url, urls, source, quelle",
}
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
    "kpi": ("current", "kpi"),
}
TITLE_COLUMNS = ("key_result", "title", "objective", "kpi")
_COLUMNS_BY_NAME = {
    name: ours for ours, names in COLUMN_NAMES.items() for name in (*names.split(", "), ours.replace("_", " "))
} | {"goal": "target", "meta": "target"}
_PREFIXES = re.compile(r"(?:key results?|krs?|okrs?|objective|goal|latest|the|q[1-4]|fy ?[0-9]{2,4}|[0-9]{4}) (?=.)")
_SUFFIXES = re.compile(r" (?:percent|eoq|eoy|q[1-4]|fy ?[0-9]{2,4}|[0-9]{4}|in percent)$")
_NUMERIC_CELL = re.compile(r"[<>≤≥~$€£]*\s*[-+]?[$€£]?\s*[.]?[0-9]")
_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


class HeaderColumn(NamedTuple):
    """What a column holds, and what stood in brackets behind its name; `guess` is the name it is spelt like."""

    ours: str
    qualifier: str = ""
    guess: str = ""


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
    own = _numbering_column(name.strip())
    if own is not None:
        return own
    qualifier, plain = _qualifier(name), normalize(name)
    for candidate in (plain, *_shorter_names(normalize(_BRACKET.sub(" ", name)))):
        if candidate in _COLUMNS_BY_NAME:
            return HeaderColumn(_COLUMNS_BY_NAME[candidate], qualifier)
    guess = difflib.get_close_matches(plain, _COLUMNS_BY_NAME, 1, 0.87) if with_typos and 6 <= len(plain) <= 40 else []
    return HeaderColumn(_COLUMNS_BY_NAME[guess[0]], qualifier, guess[0]) if guess else None


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
    found = find_header(name)
    return found is None or bool(found.guess) or normalize(name) in AMBIGUOUS_NAMES


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


def _worded_meaning(meaning: str, taken: set[str], cells: Sequence[str]) -> str:
    if meaning == "objective" and "objective" in taken:
        return "key_result" if "key_result" not in taken else "description"
    if meaning == "metric" and {"key_result", "title"}.isdisjoint(taken) and not _are_type_words(cells):
        return "key_result"
    if meaning == "metric" and "unit" not in taken and not all(map(_is_type_word, cells)):
        return "unit"
    return meaning


def _is_type_word(cell: str) -> bool:
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
            raise OkrctlError(f"no column '{theirs}'{guess}", f"the columns are {', '.join(columns)}")
        if ours not in COLUMN_NAMES and not re.fullmatch(r"x-[^\s:#]+", ours):
            guess = suggestions.did_you_mean(suggestions.find_closest(ours, list(COLUMN_NAMES)))
            raise OkrctlError(f"unknown field '{ours}'{guess}", f"{', '.join(COLUMN_NAMES)}, or x-NAME for your own")
