"""The witness, and the check that an edition has all its words."""
