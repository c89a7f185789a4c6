"""Comment and danmaku service. See docs/architecture.md for the floors of this house."""

__version__ = "0.1.0"
