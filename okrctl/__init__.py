"""okrctl: OKRs and KPIs as plain text in git, checked, scored and explained."""

__version__ = "0.1.0"
