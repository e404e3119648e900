"""Files of any kind: where they stand, whether they changed, how they are written."""
