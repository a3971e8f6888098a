"""Holds the program to its file format, its arithmetic and its command line, one short test for each promise."""
