"""Jinja, and the templates of the package and of an archive."""
