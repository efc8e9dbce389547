"""How rows look on the wire: REST views, cable pushes, webhook bodies, for both versions."""
