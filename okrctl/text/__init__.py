"""English titles: their verbs, their numbers, and their similarity."""
