"""Texts and indexes in other formats, one module a format."""
