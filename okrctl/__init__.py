"""okrctl: OKRs and KPIs as plain text in git, checked, scored and explained.

`okrctl.open()` gives a `Project`, whose methods are the commands with typed results; `okrctl explain python` is the
manual of it. Everything is imported when it is first used, since importing okrctl must cost nothing.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # as in `typing`, which would take longer to import than all of this
if TYPE_CHECKING:
    from okrctl.api import AmbiguousError as AmbiguousError
    from okrctl.api import Attention as Attention
    from okrctl.api import Attribution as Attribution
    from okrctl.api import Change as Change
    from okrctl.api import CheckReport as CheckReport
    from okrctl.api import Commit as Commit
    from okrctl.api import ConfirmError as ConfirmError
    from okrctl.api import ConflictError as ConflictError
    from okrctl.api import Detail as Detail
    from okrctl.api import Diagnostic as Diagnostic
    from okrctl.api import Diff as Diff
    from okrctl.api import DiskError as DiskError
    from okrctl.api import Effect as Effect
    from okrctl.api import Error as Error
    from okrctl.api import Explanation as Explanation
    from okrctl.api import FetchError as FetchError
    from okrctl.api import FieldChange as FieldChange
    from okrctl.api import FilesError as FilesError
    from okrctl.api import GitError as GitError
    from okrctl.api import Hypothesis as Hypothesis
    from okrctl.api import Impact as Impact
    from okrctl.api import Input as Input
    from okrctl.api import Json as Json
    from okrctl.api import KeyResult as KeyResult
    from okrctl.api import Kpi as Kpi
    from okrctl.api import KpiList as KpiList
    from okrctl.api import Log as Log
    from okrctl.api import LogEntry as LogEntry
    from okrctl.api import NotFoundError as NotFoundError
    from okrctl.api import Objective as Objective
    from okrctl.api import Part as Part
    from okrctl.api import Period as Period
    from okrctl.api import Plan as Plan
    from okrctl.api import Project as Project
    from okrctl.api import Reading as Reading
    from okrctl.api import RefusedError as RefusedError
    from okrctl.api import Report as Report
    from okrctl.api import Scorecard as Scorecard
    from okrctl.api import Seal as Seal
    from okrctl.api import SealCheck as SealCheck
    from okrctl.api import SettingsError as SettingsError
    from okrctl.api import Span as Span
    from okrctl.api import Status as Status
    from okrctl.api import StatusReport as StatusReport
    from okrctl.api import Team as Team
    from okrctl.api import Tree as Tree
    from okrctl.api import TreeNode as TreeNode
    from okrctl.api import UsageError as UsageError
    from okrctl.api import open as open

_EXPORTS = frozenset(
    """
    AmbiguousError Attention Attribution Change CheckReport Commit ConfirmError ConflictError Detail Diagnostic Diff
    DiskError Effect Error Explanation FetchError FieldChange FilesError GitError Hypothesis Impact Input Json
    KeyResult Kpi KpiList Log LogEntry NotFoundError Objective Part Period Plan Project Reading RefusedError Report
    Scorecard Seal SealCheck SettingsError Span Status StatusReport Team Tree TreeNode UsageError open
    """.split()
)


def __getattr__(name: str) -> object:
    """Import the API when one of its names is first used."""
    if name not in _EXPORTS:
        raise AttributeError(f"module 'okrctl' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module("okrctl.api"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
