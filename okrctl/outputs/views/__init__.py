"""Shows results: one module per kind of result, with all the formats that the result has."""
