"""Assets: the pictures and attachments of a plan, what can be had of them, and what is wrong with a picture."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from masterplan_cli.files import MAX_ASSET_BYTES, digest
from masterplan_cli.project import Project

# Most runs examine no picture: what examines them is loaded when one is there.
if TYPE_CHECKING:
    from masterplan_cli.geojson import Areas
    from masterplan_cli.pictures.faults import Fault
    from masterplan_cli.pictures.trial import Trial, Trials

#: The names of pictures end so; which kind one is, its content says.
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")

#: The name of a map ends so.
MAP = ".geojson"


class Assets:
    """The files of a plan that are no text; each picture is examined once in a run."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._examined: dict[str, Trial] = {}

    def picture(self, path: str) -> tuple[str, bytes] | None:
        """The media type and bytes of a picture; None when it cannot be had or must not be shown."""
        from masterplan_cli.pictures import media_of

        data = self.picture_file(path)
        media = media_of(data) if data else None
        return (media, data) if data and media and self._examine(path, data) is None else None

    def picture_file(self, path: str) -> bytes | None:
        """The bytes of a picture, whatever is wrong with them; None when they cannot be had."""
        return self._project.read_asset(path) if path.lower().endswith(PICTURES) else None

    def fault(self, path: str) -> Fault | None:
        """What is wrong with a picture that can be had."""
        data = self.picture_file(path)
        return self._examine(path, data) if data else None

    def _examine(self, path: str, data: bytes) -> Fault | None:
        from masterplan_cli.pictures import examine, media_of
        from masterplan_cli.pictures.trial import Trial

        key = self._project.digests.get(path) or digest(data)
        if key not in self._examined:
            media, fault = media_of(data), examine(data)
            tried = media and not fault
            self._examined[key] = self.trials.of(media or "", data) if tried else Trial(fault)
        fault, final = self._examined[key]
        if not final:  # another run may find it otherwise, so none may rely on this one
            self._project.digests[path] = None
        return fault

    @property
    def map_file(self) -> str | None:
        """The path of the plan's map: the first GeoJSON file in assets/."""
        found = (path for path in self._project.paths if path.lower().endswith(MAP))
        return min((path for path in found if path.rpartition("/")[0] == "assets"), default=None)

    @cached_property
    def _map(self) -> Areas | str | None:
        """The plan's map, or the kind of what is wrong with it."""
        from masterplan_cli.geojson import AreaError, read_areas

        path = self.map_file
        data = self._project.read_asset(path) if path else None
        if data is None:
            return "unreadable" if path else None
        try:
            return read_areas(data)
        except AreaError as error:
            return error.kind

    @property
    def areas(self) -> Areas | None:
        """The areas of the plan's map, where there is one that can be drawn."""
        return None if isinstance(self._map, str) else self._map

    @property
    def map_fault(self) -> str | None:
        """What is wrong with the plan's map, as the name of the sentence that says so."""
        return self._map if isinstance(self._map, str) else None

    @cached_property
    def trials(self) -> Trials:
        """What came of drawing the plan's pictures."""
        from masterplan_cli.pictures.trial import Trials

        return self._project.trials or Trials(self._project.store)

    @property
    def size_of_pictures(self) -> int:
        """The bytes of all pictures, whether or not they are shown."""
        paths = (self._project.root / path for path in self._project.paths if path.lower().endswith(PICTURES))
        size = 0
        for path in paths:
            with suppress(OSError):  # it has just gone
                size += min(path.stat().st_size, MAX_ASSET_BYTES)
        return size
