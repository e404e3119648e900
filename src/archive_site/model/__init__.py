"""The analysis of each text (map), and the `SiteModel` of all texts (reduce)."""
