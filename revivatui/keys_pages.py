"""The table of commands as pages to read: docs/keys.md, and `revivatui keys`."""

from __future__ import annotations

from revivatui.commands import ALL, ALL_GROUPS, NO_KEY, Keys, key_name


def keys_document(keys: Keys | None = None) -> str:
    """The table of keys as Markdown: docs/keys.md."""
    keys = keys or Keys()
    lines = ["# Keys", ""]
    lines += [
        "Made from the table of commands by `revivatui keys --markdown`. Every command is in the",
        "command palette (`ctrl+p`) too, and can be given other keys by its id in the settings:",
        "",
        "    [keys]",
        '    "conversation.resolve" = "e"',
        "",
        "Keys that are letters work wherever no text is being typed.",
    ]
    for group in ALL_GROUPS:
        lines += ["", f"## {group}", "", "| Keys | What | Id |", "|---|---|---|"]
        for command in ALL:
            if command.group == group:
                shown = ", ".join(f"`{key_name(key)}`" for key in keys.of(command)) or NO_KEY
                lines.append(f"| {shown} | **{command.label}**: {command.help} | `{command.id}` |")
    return "\n".join(lines) + "\n"


def keys_table(keys: Keys | None = None) -> str:
    """The same for a terminal."""
    keys = keys or Keys()
    rows = [(keys.shown(one) or NO_KEY, one.id, one.label, one.help) for one in ALL]
    broadest = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    lines = []
    for group in ALL_GROUPS:
        lines += ["", group]
        for command, (*columns, told) in zip(ALL, rows, strict=True):
            if command.group == group:
                cells = [text.ljust(width) for text, width in zip(columns, broadest, strict=True)]
                lines.append(f"  {'  '.join([*cells, told])}")
    return "\n".join(lines).lstrip("\n") + "\n"
