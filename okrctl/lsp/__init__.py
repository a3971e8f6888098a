"""Editors: a language server over standard input and output, with the operations over the texts in open buffers.

The texts of open buffers stand in for the files on the disk (`Project.texts`), so that each answer is about what the
person sees. Nothing is written: an edit goes to the editor, which applies it. One thread works for all requests, in
their order, beside the one that speaks with the editor; so no request waits for a check to read what follows it.
"""
