"""Readers of files in other formats: bytes → `Document`."""
