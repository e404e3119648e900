"""French historical texts, from raw PDF extraction to a static archive one can cite."""

from pathlib import Path

__version__ = "0.1.0"

HERE = Path(__file__).parent
"""The folder of the package."""
