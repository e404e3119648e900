"""The witness, and the proof that an edition has all its words."""
