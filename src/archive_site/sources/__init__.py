"""What an editor has: files in any format, as lines or as a `Document`."""
