"""Files of any kind: their locations, detecting changes, and writing them."""
