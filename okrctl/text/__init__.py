"""What is known of the words of English titles: verbs, numbers, and when two titles say the same."""
