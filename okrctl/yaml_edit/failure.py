"""The error of an edit that is refused."""

from __future__ import annotations

from okrctl.values.errors import OkrctlError


class EditError(OkrctlError):
    """An edit that would not have meant what was asked, or touches what stands elsewhere; nothing was changed."""
