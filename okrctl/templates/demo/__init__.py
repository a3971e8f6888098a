"""The demo: an example company with four teams and half a year of history, as data files and a calendar for them."""
