"""What titles say: their verbs, their numbers, their language, and their similarity."""
