"""Assistants: a server of the Model Context Protocol over standard input and output, with the operations as tools.

What a tool returns are documents as `--format json` prints them. Texts of files are in fields of such a document and
nowhere else: no description, instruction or name of a tool has a word of a workspace in it. Without `--write` there is
no tool that writes; with it, a person accepts each diff (see `confirmations`).
"""
