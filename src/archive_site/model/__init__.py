"""What each text gives (map), and the `SiteModel` of all texts (reduce)."""
