"""Replays what real servers were recorded saying against the embedded shop, and tells what differs."""
