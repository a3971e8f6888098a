"""Holds one module for each output format: a result goes in, text comes out."""
