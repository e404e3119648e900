"""Records of a text or an entry that pages and exports share."""
