"""What suggestions are made from: texts that somebody of the shop stands behind."""

from __future__ import annotations

from typing import Literal

from revivatui.state.records import dataclass

SourceKind = Literal["canned", "price", "resolved"]
Language = Literal["en", "pt"]


@dataclass(frozen=True, slots=True)
class Source:
    """A canned response, a line of the price list, or a reply that resolved a conversation."""

    id: str
    """Unique in its library: "canned:greeting", "price:screen_iphone13", "resolved:812"."""
    kind: SourceKind
    language: str
    """"en", "pt"; "" where nobody said."""
    category: str
    title: str
    text: str
    private: bool = False
    """Not for customers' eyes as it stands (an internal note): insert warns."""
