"""The edition file and the authority files, read and written."""
