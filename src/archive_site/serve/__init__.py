"""A local server that rebuilds the site at every change and updates open pages."""
