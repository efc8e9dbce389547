"""The two looks of the desk, `nordic` and `nordic-dark`, and the names that styles may use.

Beyond Textual's own variables the styles use `$line` (thin separators) and these grounds:
`$bubble-note` (private notes, and the composer while it writes one), `$selection` and
`$selection-blurred` (the line that the keys act on), `$field` (what text is typed into) and
`$accent-ground` (badges, under `$on-primary`). The `$text-...` colours are readable on all of
them: at least 4.5 to 1.
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

_SHARED: Final = {
    "block-cursor-text-style": "none",
    "input-cursor-text-style": "none",
    "button-focus-text-style": "bold",
}

NORDIC: Final = Theme(
    name="nordic",
    primary="#007AFF",
    secondary="#5856D6",
    accent="#007AFF",
    success="#34C759",
    warning="#FF9500",
    error="#FF3B30",
    foreground="#1D1D1F",
    background="#F2F2F7",
    surface="#FFFFFF",
    panel="#F2F2F7",
    dark=False,
    variables={
        **_SHARED,
        "line": "#E5E7EB",
        "bubble-note": "#FFF7E0",
        "selection": "#D9EBFF",
        "selection-blurred": "#EEEEF0",
        "field": "#EDEDF2",
        "accent-ground": "#0062CC",
        "border": "#007AFF",
        "border-blurred": "#E5E7EB",
        "text": "#1D1D1F",
        "text-muted": "#636366",
        "text-disabled": "#8E8E93",
        "text-primary": "#0062CC",
        "text-accent": "#0062CC",
        "text-secondary": "#4543B5",
        "text-success": "#15742E",
        "text-warning": "#A14F00",
        "text-error": "#C4160C",
        "on-primary": "#FFFFFF",
        "scrollbar": "#D1D1D6",
        "scrollbar-hover": "#AEAEB2",
        "scrollbar-active": "#8E8E93",
        "scrollbar-background": "#FFFFFF",
        "scrollbar-background-hover": "#FFFFFF",
        "scrollbar-background-active": "#FFFFFF",
        "scrollbar-corner-color": "#FFFFFF",
        "block-cursor-background": "#0062CC",
        "block-cursor-foreground": "#FFFFFF",
        "input-cursor-background": "#0062CC",
        "input-cursor-foreground": "#FFFFFF",
    },
)

NORDIC_DARK: Final = Theme(
    name="nordic-dark",
    primary="#0A84FF",
    secondary="#5E5CE6",
    accent="#0A84FF",
    success="#30D158",
    warning="#FF9F0A",
    error="#FF453A",
    foreground="#F2F2F7",
    background="#121214",
    surface="#1C1C1E",
    panel="#121214",
    dark=True,
    variables={
        **_SHARED,
        "line": "#3A3A3C",
        "bubble-note": "#332B12",
        "selection": "#192F46",
        "selection-blurred": "#2D2D2F",
        "field": "#2C2C2E",
        "accent-ground": "#0A6CD6",
        "border": "#0A84FF",
        "border-blurred": "#3A3A3C",
        "text": "#F2F2F7",
        "text-muted": "#A1A1A6",
        "text-disabled": "#6E6E73",
        "text-primary": "#64A8FF",
        "text-accent": "#64A8FF",
        "text-secondary": "#A5A3FF",
        "text-success": "#4CD971",
        "text-warning": "#FFB340",
        "text-error": "#FF7A70",
        "on-primary": "#FFFFFF",
        "scrollbar": "#48484A",
        "scrollbar-hover": "#636366",
        "scrollbar-active": "#8E8E93",
        "scrollbar-background": "#1C1C1E",
        "scrollbar-background-hover": "#1C1C1E",
        "scrollbar-background-active": "#1C1C1E",
        "scrollbar-corner-color": "#1C1C1E",
        "block-cursor-background": "#0A6CD6",
        "block-cursor-foreground": "#FFFFFF",
        "input-cursor-background": "#64A8FF",
        "input-cursor-foreground": "#1C1C1E",
    },
)

THEMES: Final = (NORDIC, NORDIC_DARK)

VARIABLE_DEFAULTS: Final = {
    "line": "#808080",
    "bubble-note": "#404040",
    "selection": "#404040",
    "selection-blurred": "#303030",
    "field": "#303030",
    "accent-ground": "#0062CC",
    "on-primary": "#FFFFFF",
}
"""For Textual's own themes, which may be chosen too and lack our names."""
