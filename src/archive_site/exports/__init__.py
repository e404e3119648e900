"""Exports of texts and indexes: one module for each format."""
