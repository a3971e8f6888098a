"""What a person asks for, as typed functions without a terminal."""
