"""Wording that the formats for people share."""
