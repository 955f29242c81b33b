"""A plan that is built again whenever its files change, for a browser beside the editor or for the output folder.

`watcher` sees the change, `rounds` builds, `server` shows it; `page` finds what differs, `panel` tells what is wrong.
"""
