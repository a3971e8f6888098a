"""Plain values: quantities, units, periods, dated values, diagnostics, errors."""
