"""Suggestions for replies: they are read by a person, and nothing here can send anything."""
