"""A Word file becomes the text of a program: read by a worker, written as Markdown, put into the sections of its file.

Its XML is read here and by no library, because whatever a library would drop, such as tracked changes, must be named.
"""
