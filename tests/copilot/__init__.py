"""The copilot: what it suggests, from what, and what it can never do."""
