"""The public Python API: `okrctl.open()` gives a Project, whose methods call the operations and give typed results."""

from __future__ import annotations

from okrctl.api.plan import Effect, FieldChange, Plan
from okrctl.api.project import Project, open
from okrctl.api.results import (
    Attention,
    Attribution,
    Change,
    CheckReport,
    Detail,
    Diff,
    Explanation,
    Hypothesis,
    Impact,
    Input,
    Json,
    KeyResult,
    Kpi,
    KpiList,
    Log,
    LogEntry,
    Objective,
    Part,
    Period,
    Reading,
    Report,
    Scorecard,
    Seal,
    SealCheck,
    Status,
    StatusReport,
    Team,
    Tree,
    TreeNode,
)
from okrctl.git.commits import Commit
from okrctl.values.diagnostic import Diagnostic, Span
from okrctl.values.errors import (
    AmbiguousError,
    ConfirmError,
    ConflictError,
    DiskError,
    FetchError,
    FilesError,
    GitError,
    NotFoundError,
    RefusedError,
    SettingsError,
    UsageError,
)
from okrctl.values.errors import OkrctlError as Error

__all__ = [
    "AmbiguousError", "Attention", "Attribution", "Change", "CheckReport", "Commit", "ConfirmError", "ConflictError",
    "Detail", "Diagnostic", "Diff", "DiskError", "Effect", "Error", "Explanation", "FetchError", "FieldChange",
    "FilesError", "GitError", "Hypothesis", "Impact", "Input", "Json", "KeyResult", "Kpi", "KpiList", "Log", "LogEntry",
    "NotFoundError", "Objective", "Part", "Period", "Plan", "Project", "Reading", "RefusedError", "Report", "Scorecard",
    "Seal", "SealCheck", "SettingsError", "Span", "Status", "StatusReport", "Team", "Tree", "TreeNode", "UsageError",
    "open",
]  # fmt: skip
