"""Import of optional packages, with a hint how to install a missing one."""

from __future__ import annotations

import importlib
from types import ModuleType

from okrctl.values.errors import OkrctlError


def require_package(package: str, extra: str, purpose: str) -> ModuleType:
    """The imported package; OkrctlError with the command that installs it where it is missing."""
    try:
        return importlib.import_module(package)
    except ImportError:
        raise OkrctlError(f"{purpose} needs {package}", f"pip install 'okrctl[{extra}]'") from None
