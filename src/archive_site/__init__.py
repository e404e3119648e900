"""French historical texts, from raw PDF extraction to a static archive one can cite."""

__version__ = "0.1.0"
