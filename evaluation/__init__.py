"""How good the copilot's local suggestions are, how honest and how safe: `make eval`.

A part beside the ranking is a module with `bounds(seed) -> Iterable[Bound]`: what it measured, with
what must hold. `__main__` runs it by its name and prints its lines.
"""
