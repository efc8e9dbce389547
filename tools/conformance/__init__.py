"""Replays what real servers were recorded doing against the embedded shop, and compares."""
