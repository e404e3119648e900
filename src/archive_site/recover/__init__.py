"""Recover a draft edition from a witness: its lines, with their places, → `Document`.

Guessing is confined to this package. What it sets aside is an omission with its reason, and what it
cannot decide is a doubt. Only `cli` imports this package.
"""
