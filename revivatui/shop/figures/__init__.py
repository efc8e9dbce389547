"""Figures computed from the shop's rows as Chatwoot computes them (contract 6)."""
