"""The whole site as one zip file, for reading offline."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from archive_site import interface
from archive_site.corpus.records import Site
from archive_site.edition.ids import slug
from archive_site.text.typography import typeset

PACKED = (".epub", ".pdf", ".png", ".zip")
"""The suffixes of files that are already compressed."""
_LISTED, _END = 46, 22  # bytes of a zip file's directory: for each file, and at the end


def zip_entry(name: str, moment: datetime, packed: bool) -> zipfile.ZipInfo:
    """The header of a file in a zip file, the same on every system."""
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.create_system = 3  # Unix: a regular file, readable by all
    entry.external_attr = 0o100644 << 16
    return entry


class Bundle:
    """A zip file of the site, in one folder named after the archive. Its bytes depend only on the
    files added, their order, and `moment` (UTC), the modification time of all files."""

    def __init__(self, site: Site, moment: datetime):
        self._folder = slug(site.title) or "archive"
        self._moment = moment
        self._bytes = io.BytesIO()
        self._zip = zipfile.ZipFile(self._bytes, "w")
        self.add({"LISEZ-MOI.txt": interface.READ_ME.format(title=typeset(site.title)).encode()})

    def add(self, files: Mapping[str, bytes]) -> None:
        """Add files, path → bytes, in the order of their paths."""
        for path, data in sorted(files.items()):
            packed = not path.endswith(PACKED)
            self._zip.writestr(zip_entry(f"{self._folder}/{path}", self._moment, packed), data)

    @property
    def size(self) -> int:
        """The size in bytes that it would have if it were closed now."""
        directory = sum(_LISTED + len(entry.filename.encode()) for entry in self._zip.infolist())
        return self._bytes.tell() + directory + _END

    def closed(self) -> bytes:
        """Close the zip file and return its bytes. Nothing can be added after that."""
        self._zip.close()
        return self._bytes.getvalue()
