"""Reports of the shop as files and messages: asked of the server, built by the state, written.

- `gathering.gather`: what a report needs, asked of the server;
- `files.write`: Markdown, HTML and CSV, whole or not at all;
- `posting`: as a private note, once, and to a webhook.
"""
