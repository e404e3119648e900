"""The whole site as one zip file, to be opened and read without a network."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from archive_site import interface
from archive_site.corpus.records import Site
from archive_site.edition.format import slug
from archive_site.text.typography import typeset

PACKED = (".epub", ".pdf", ".png", ".zip")
"""How files end that are compressed already."""
_LISTED, _END = 46, 22  # bytes of a zip file's directory: for each file, and at its end


def zip_entry(name: str, moment: datetime, packed: bool) -> zipfile.ZipInfo:
    """What a zip file says of a file in it: the same on every system."""
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.create_system = 3  # Unix: a plain file that all may read
    entry.external_attr = 0o100644 << 16
    return entry


class Bundle:
    """A zip file of the site, in one folder that the archive names. Its bytes depend on what is
    added, in which order, and on `moment` (UTC), the date of all its files."""

    def __init__(self, site: Site, moment: datetime):
        self._folder = slug(site.title) or "archive"
        self._moment = moment
        self._bytes = io.BytesIO()
        self._zip = zipfile.ZipFile(self._bytes, "w")
        self.add({"LISEZ-MOI.txt": interface.READ_ME.format(title=typeset(site.title)).encode()})

    def add(self, files: Mapping[str, bytes]) -> None:
        """Put files in, path → bytes, in the order of their paths."""
        for path, data in sorted(files.items()):
            packed = not path.endswith(PACKED)
            self._zip.writestr(zip_entry(f"{self._folder}/{path}", self._moment, packed), data)

    @property
    def size(self) -> int:
        """Its size in bytes, were it closed now."""
        directory = sum(_LISTED + len(entry.filename.encode()) for entry in self._zip.infolist())
        return self._bytes.tell() + directory + _END

    def closed(self) -> bytes:
        """The zip file; nothing can be added any more."""
        self._zip.close()
        return self._bytes.getvalue()
