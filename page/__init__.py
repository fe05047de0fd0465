"""The parts of the web page: its words, the HTML of each panel, its tabs and how it is served.

Everything here shows what `rag` gives and decides nothing about answers. HTML is written in one way only:
through ``page.markup``, which escapes whatever came from a user or a document.
"""
