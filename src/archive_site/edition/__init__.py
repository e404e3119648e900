"""Reading and writing edition files; reading authority files."""
