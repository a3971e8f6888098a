"""The terminal: parses the command line, prompts, and prints results."""
