"""Ends periods: what a seal holds, how it is made and opened again, and whether it still stands."""
