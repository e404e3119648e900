"""A server for one machine: it builds at every change, and open pages follow."""
