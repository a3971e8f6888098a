"""The shape of the JSON document of each command, as types: views are checked against them, schemas made from them.

A type names the values as okrctl has them; `json.plain` writes a Fraction as a number to six places and a date as its
ISO form. Keys are never left out. A document also has `"version": 1`, which `json.document` adds.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, TypedDict

from okrctl.values.diagnostic import ErrorCode, Severity
from okrctl.values.quantity import Quantity

Number = Fraction | None
Value = Quantity | Fraction | str | None


class PeriodData(TypedDict):
    """A period; `state` is ahead, running or over."""

    id: str
    start: date
    end: date
    state: str


class Totals(TypedDict):
    """The figures of a period or team; scores are from 0 to 1."""

    score: Number
    band: str | None
    pace: str | None
    at_risk: int | None
    measured: int
    key_results: int


class ProjectionData(TypedDict):
    """The value on the last day if it goes on like this, its progress, and the 80 % range of the value."""

    value: Fraction
    progress: Number
    low: Fraction
    high: Fraction


KeyResultData = TypedDict(
    "KeyResultData",
    {
        "ref": str, "id": str, "title": str | None, "owner": str | None, "measure": str, "from": Number, "to": Number,
        "at_least": Number, "at_most": Number, "unit": str | None, "value": Number, "value_date": date | None,
        "progress": Number, "score": Number, "computed": Number, "by_hand": bool, "measured": bool, "counted": bool,
        "guardrail": bool, "broken": bool | None, "weight": Fraction, "priority": int | None, "confidence": Number,
        "due": date | None, "expected": Number, "status": str | None, "projected": ProjectionData | None,
        "forecast": Number, "state": str,
    },
)  # fmt: skip


class ObjectiveData(TypedDict):
    """An objective with its key results."""

    ref: str
    id: str
    title: str | None
    owner: str | None
    ambition: str
    state: str
    weight: Fraction
    score: Number
    computed: Number
    by_hand: bool
    band: str | None
    pace: str | None
    at_risk: int | None
    verdict: str | None
    status: str | None
    decided_by: str | None
    outcome: str | None
    measured: int
    parent: str | None
    key_results: list[KeyResultData]


class TeamData(Totals):
    """A team with its objectives."""

    team: str
    objectives: list[ObjectiveData]


class AgreedDifference(TypedDict):
    """A difference from what was agreed; `effect` is relaxed, tightened, neutral or null."""

    ref: str
    field: str | None
    agreed: Any
    now: Any
    effect: str | None


class AgreedData(TypedDict):
    """The score against what was agreed in a commit, and the differences since."""

    commit: str
    score: Number
    differences: list[AgreedDifference]


class ScorecardDocument(Totals):
    """The scorecard of one period."""

    period: PeriodData
    as_of: date
    known_at: str | None
    agreed: AgreedData | None
    teams: list[TeamData]


class ScorecardsDocument(TypedDict):
    """The scorecards of several periods."""

    periods: list[ScorecardDocument]


class DiagnosticData(TypedDict):
    """A finding with its place; lines and columns count from 1, the end column is one past the last character."""

    code: str
    name: str
    severity: Severity
    message: str
    help: str
    path: str
    workspace: str
    line: int
    column: int
    end_line: int
    end_column: int
    ref: str | None
    fixable: bool


class CheckCounts(TypedDict):
    """How many files there are, and how many findings of each severity."""

    files: int
    error: int
    warning: int
    info: int


class WorkspaceCountsData(CheckCounts):
    """The counts of one workspace, and the commit that its changes were checked since, if any."""

    root: str
    base: str | None


class UnreadData(TypedDict):
    """A path that no workspace reads, and why."""

    path: str
    why: str


class CheckDocument(TypedDict):
    """The findings of a check."""

    diagnostics: list[DiagnosticData]
    summary: CheckCounts
    workspaces: list[WorkspaceCountsData]
    unread: list[UnreadData]


class RuleCountData(TypedDict):
    """How often a rule found something, and how much of that `--fix` fixes."""

    code: str
    name: str
    severity: Severity
    count: int
    fixable: int


class StatisticsDocument(TypedDict):
    """The counts of `check --statistics`."""

    rules: list[RuleCountData]
    files: int


class AttentionData(TypedDict):
    """What needs attention, why, and the command to run next."""

    ref: str
    status: str
    why: str
    next: str


class StatusDocument(TypedDict):
    """What needs attention on a day, the worst first."""

    periods: list[PeriodData]
    as_of: date
    attention: list[AttentionData]


LimitsData = TypedDict(
    "LimitsData",
    {"mean": Fraction, "low": Fraction, "high": Fraction, "from": date, "to": date, "readings": int},
)


class ComparisonData(TypedDict):
    """A flow in this period and in as many slots before."""

    slots: int
    now: Number
    before: Number


class KpiData(TypedDict):
    """A KPI on a day; values are in its unit."""

    id: str
    title: str | None
    team: str | None
    owner: str | None
    better: str | None
    unit: str | None
    value: Number
    value_date: date | None
    previous: Number
    change: Number
    trend: str | None
    period_change: Number
    period_trend: str | None
    compared: ComparisonData | None
    age_days: int | None
    alarm: str | None
    signal: str | None
    limits: LimitsData | None
    computed: bool
    objectives: list[str]


class KpisDocument(TypedDict):
    """The KPIs on a day, the worst first."""

    as_of: date
    kpis: list[KpiData]


class NamedIn(TypedDict):
    """An objective that names a KPI."""

    ref: str
    state: str


class KpiReading(TypedDict):
    """A value of a KPI on a day."""

    date: date
    value: Fraction
    computed: bool


class KpiDocument(KpiData):
    """A KPI in full."""

    as_of: date
    formula: str | None
    used_in: list[str]
    named_in: list[NamedIn]
    readings: list[KpiReading]


class GoalReading(TypedDict):
    """A reading as the file has it."""

    date: date
    value: Any
    confidence: Any
    forecast: Any
    note: str | None
    source: str | None


class CurvePoint(TypedDict):
    """A value on a day."""

    date: date
    value: Number


class UsualData(TypedDict):
    low: Fraction
    high: Fraction
    spans: int


class HypothesisData(TypedDict):
    """A hypothesis with its verdict, which is null until the period is over."""

    ref: str
    kpi: str
    expect: str
    within: Any
    because: str | None
    score: Number
    succeeded: bool | None
    before: Number
    after: Number
    usual: UsualData | None
    verdict: str | None
    why: str


class GoalDocument(TypedDict):
    """An objective or a key result in full; one of `objective` and `key_result` is null."""

    ref: str
    period: PeriodData
    as_of: date
    path: str
    line: int
    objective: ObjectiveData | None
    key_result: KeyResultData | None
    supporters: list[str]
    hypotheses: list[HypothesisData]
    readings: list[GoalReading]
    course: list[CurvePoint]
    expected: list[CurvePoint]


class HypothesesDocument(TypedDict):
    """The hypotheses of a period."""

    period: PeriodData
    hypotheses: list[HypothesisData]


class InputData(TypedDict):
    """A number of a formula and where it is written."""

    name: str
    value: Fraction | date
    path: str | None
    line: int | None
    commit: str | None


class ExplanationDocument(TypedDict):
    """The arithmetic of a score."""

    ref: str
    score: Number
    formula: str | None
    inputs: list[InputData]
    steps: list[str]


class DatedValue(TypedDict):
    """A value on a day."""

    date: date
    value: Number


class PartData(TypedDict):
    """An input of a KPI and its share in the change."""

    id: str
    old: Fraction
    new: Fraction
    part: Fraction
    remark: str | None
    parts: list[PartData]


AttributionDocument = TypedDict(
    "AttributionDocument",
    {
        "id": str, "from": DatedValue, "to": DatedValue, "change": Number, "remark": str | None,
        "parts": list[PartData], "steps": list[str],
    },
)  # fmt: skip


class ExampleData(TypedDict):
    """An example on the page of a rule."""

    label: str
    text: str


class RuleData(TypedDict):
    """The page of a rule; `url` is where it is on the web."""

    code: str
    name: str
    severity: Severity
    summary: str
    text: str
    examples: list[ExampleData]
    url: str


class RulesDocument(TypedDict):
    """All rules."""

    profile: str
    rules: list[RuleData]


class PageDocument(TypedDict):
    """A page of the manual, as Markdown."""

    topic: str
    title: str
    text: str


class TopicData(TypedDict):
    """A topic of the manual; `kind` is page or word."""

    topic: str
    kind: str
    title: str
    summary: str


class TopicsDocument(TypedDict):
    """All topics of the manual."""

    topics: list[TopicData]


VerbData = TypedDict("VerbData", {"lemma": str, "class": str | None})


class PhraseData(TypedDict):
    """An object of a title."""

    head: str
    qualifiers: list[str]


class TitleRuleData(TypedDict):
    """What a rule says of a title; `message` is null where it says nothing."""

    code: str
    name: str
    judges: str
    message: str | None


class TitleDocument(TypedDict):
    """How the wording rules read a title."""

    title: str
    language: str
    verb: VerbData | None
    objects: list[PhraseData]
    outcome: str | None
    general: str | None
    second_goal: str | None
    rules: list[TitleRuleData]


class TreeData(TypedDict):
    """An objective and those that support it."""

    ref: str
    title: str | None
    team: str
    owner: str | None
    state: str
    score: Number
    band: str | None
    status: str | None
    supports: str | None
    children: list[TreeData]


class TreesDocument(TypedDict):
    """Who supports what."""

    periods: list[PeriodData]
    as_of: date | None
    trees: list[TreeData]


class KpiTreeDocument(TypedDict):
    """A KPI and the inputs of its formula."""

    id: str
    title: str | None
    owner: str | None
    better: str | None
    pull: str | None
    unit: str | None
    value: Number
    value_date: date | None
    change: Number
    trend: str | None
    alarm: str | None
    formula: str | None
    repeated: bool
    inputs: list[KpiTreeDocument]


class ChangeData(TypedDict):
    """A change of meaning; `kind` is added, removed or changed."""

    ref: str
    kind: str
    field: str | None
    old: Any
    new: Any
    effect: str | None
    amended: bool
    path: str
    line: int


class ScoreChangeData(TypedDict):
    """The score of a node in both states."""

    ref: str
    old: Number
    new: Number


class DiffDocument(TypedDict):
    """What changed between two states; `new` is null for the files on disk."""

    old: str
    new: str | None
    changes: list[ChangeData]
    scores: list[ScoreChangeData]


class LogEntryData(TypedDict):
    """A change of one field by one commit."""

    commit: str
    date: date
    author: str
    ref: str
    field: str | None
    old: Any
    new: Any
    effect: str | None
    subject: str


class KnownScore(TypedDict):
    """The score, of a KPI the value, as it was known at a commit."""

    commit: str
    date: date
    score: Number


class LogDocument(TypedDict):
    """The history of one node, the newest entry first."""

    ref: str
    entries: list[LogEntryData]
    known: list[KnownScore]


class SealDifferenceData(TypedDict):
    """A figure that differs from the sealed one; `where` is seal, commit or files."""

    where: str
    ref: str
    field: str
    sealed: Any
    now: Any


class SealRenameData(TypedDict):
    """A goal, or a team, by its name in the files and its name in the seal."""

    ref: str
    was: str


class SealDocument(TypedDict):
    """Whether the seal of a period holds; `sealed` is the commit that it was recomputed from.

    `unrecorded` are goals that had become easier than agreed without a record when the period was closed. `renamed` are
    goals and teams of another name, whose differences have the names of the seal.
    """

    period: str
    sealed: str | None
    source: str
    holds: bool
    differences: list[SealDifferenceData]
    unrecorded: list[str]
    renamed: list[SealRenameData]


class SealsDocument(TypedDict):
    """Whether the seals of all periods hold."""

    periods: list[SealDocument]


class FieldChangeData(TypedDict):
    """A field that is written; `ref` and `field` are null where it belongs to no node, or is a whole file."""

    path: str
    ref: str | None
    field: str | None
    old: Any
    new: Any


class EffectData(TypedDict):
    """What a write does to a score: that of the objective before and after, null where there is none."""

    ref: str
    text: str
    objective: str | None
    old: Number
    new: Number
    status: str | None


class WriteDocument(TypedDict):
    """What a command wrote or, with `--dry-run`, would write; `commit` is null where none was made."""

    changes: list[FieldChangeData]
    diff: str
    commit: str | None
    effects: list[EffectData]


MovedGoalData = TypedDict("MovedGoalData", {"from": str, "to": str, "old_path": str, "path": str})


class ConflictData(TypedDict):
    """A value that both sides changed differently, with those who changed it."""

    path: str
    ref: str | None
    field: str | None
    kind: str
    base: Any
    ours: Any
    theirs: Any
    ours_author: str | None
    theirs_author: str | None
    message: str


class MergeDocument(TypedDict):
    """What `merge` merged in a work tree that git left in conflict, and what is left to a person."""

    ours: str
    theirs: str
    complete: bool
    dry_run: bool
    merged: list[str]
    removed: list[str]
    moved: list[MovedGoalData]
    left: list[ConflictData]
    others: list[str]


class SeenData(TypedDict):
    """How many goals of a kind were seen in a file, and how many were placed."""

    seen: int
    placed: int


class ImportLineData(TypedDict):
    """What became of a line of the imported file, which counts from 1."""

    line: int
    outcome: str
    message: str


class ImportEffectData(TypedDict):
    """The score of an objective before and after an import."""

    ref: str
    old: Number
    new: Number
    status: str | None


class DoubtData(TypedDict):
    """A value that looks like a typo, with the ways in which it may be meant."""

    ref: str
    field: str | None
    text: str
    reason: str
    ways: list[str]


class ImportDocument(TypedDict):
    """What `import` wrote or would write, and what became of each line."""

    file: str
    changes: list[FieldChangeData]
    diff: str
    commit: str | None
    effects: list[ImportEffectData]
    written: bool
    lines: list[ImportLineData]
    totals: dict[str, SeenData]
    counts: dict[str, int]
    doubts: list[DoubtData]


class DigestPeriodData(TypedDict):
    """A running period with its score and pace."""

    id: str
    start: date
    end: date
    state: str
    score: Number
    pace: str | None
    measured: int
    key_results: int


class DigestItemData(TypedDict):
    """One line of a digest; `old` and `new` are progress (1 is the target), or values in `unit`."""

    ref: str
    title: str
    text: str
    status: str | None
    owner: str | None
    next: str
    day: date | None
    old: Number
    new: Number
    unit: str | None


class DigestDocument(TypedDict):
    """What moved and what needs whom, from `since` to `as_of`."""

    since: date
    as_of: date
    organisation: str | None
    owners: list[str]
    teams: list[str]
    periods: list[DigestPeriodData]
    moved: list[DigestItemData]
    attention: list[DigestItemData]
    due: list[DigestItemData]
    decided: list[DigestItemData]
    kpis: list[DigestItemData]
    unaddressed: list[DigestItemData]
    notes: list[str]


class DigestsDocument(TypedDict):
    """The digests that `digest --each` wrote: the folder, and how many."""

    folder: str
    digests: int


class MergeInstallDocument(TypedDict):
    """What `merge --install` sets: git's setting, and the file with attributes, with its content."""

    driver: str
    path: str
    attributes: str
    changed: bool
    dry_run: bool


class SiteDocument(TypedDict):
    """The site that `report --site` wrote."""

    folder: str
    pages: int


class ReportDocument(TypedDict):
    """The report on a period: its scorecard, KPIs, hypotheses and notes."""

    scorecard: ScorecardDocument
    kpis: list[KpiData]
    hypotheses: list[HypothesisData]
    notes: list[str]


class RowsDocument(TypedDict):
    """The rows of an export, as objects whose keys are the columns."""

    rows: list[dict[str, Any]]


class ErrorData(TypedDict):
    """What went wrong and how to fix it; the place in a file, and what is broken in files."""

    code: ErrorCode
    message: str
    hint: str
    path: str | None
    line: int | None
    diagnostics: list[DiagnosticData]


class ErrorDocument(TypedDict):
    """The document of a command that could not run."""

    error: ErrorData


# What each command may print with `--format json`, besides an error.
OUTPUTS: dict[str, tuple[Any, ...]] = {
    "amend": (WriteDocument,),
    "check": (CheckDocument, StatisticsDocument, WriteDocument),
    "checkin": (WriteDocument,),
    "close": (WriteDocument,),
    "diff": (DiffDocument,),
    "digest": (DigestDocument, DigestsDocument),
    "explain": (
        ExplanationDocument, AttributionDocument, RuleData, RulesDocument, PageDocument, TopicsDocument, TitleDocument,
    ),
    "export": (RowsDocument,),
    "impact": (HypothesesDocument,),
    "import": (ImportDocument,),
    "init": (WriteDocument,),
    "kpi": (KpisDocument,),
    "log": (LogDocument,),
    "merge": (MergeDocument, MergeInstallDocument),
    "new": (WriteDocument,),
    "refresh": (WriteDocument,),
    "reopen": (WriteDocument,),
    "report": (ReportDocument, SiteDocument),
    "score": (ScorecardDocument, ScorecardsDocument),
    "show": (GoalDocument, KpiDocument),
    "status": (StatusDocument,),
    "tree": (TreesDocument, KpiTreeDocument),
    "verify": (SealDocument, SealsDocument),
}  # fmt: skip
