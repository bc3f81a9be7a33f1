"""Version of ringsim."""

__version__ = "0.1.0"
