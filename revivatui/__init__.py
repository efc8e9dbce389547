"""RevivaTUI: the terminal desk of a computer-repair shop on Chatwoot."""

__version__ = "0.1.0"
