"""KPIs: their formulas, values, trends and what moved them."""
