"""Editors: a language server over standard input and output, with the operations over the texts in open buffers.

The texts of open buffers stand in for the files on the disk (`Project.texts`), so that each answer is about what the
person sees. Nothing is written: an edit goes to the editor, which applies it. One thread speaks with the editor, and
another one works, in the order of the requests, so that a long check keeps no message from being read.
"""
