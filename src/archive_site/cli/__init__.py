"""The `archive-site` command."""
