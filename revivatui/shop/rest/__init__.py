"""The REST endpoints: thin functions from a ``Call`` to an answer, in tables of routes."""
