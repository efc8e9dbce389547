"""Every glyph of the screens is in one table, and every name that is used is in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import revivatui
from revivatui.text.width import width
from revivatui.widgets.symbols import TABLE, symbols

PACKAGE = Path(revivatui.__file__).parent
SOURCES = sorted(path for room in ("widgets", "screens") for path in (PACKAGE / room).rglob("*.py"))


def test_glyphs_take_one_cell_and_twins_are_ascii() -> None:
    for name, glyph in TABLE.items():
        assert glyph.twin.isascii(), name
        assert width(glyph.glyph) == 1, name
        assert width(glyph.twin) == 1, name
        assert glyph.says, name
        assert int(glyph.code_point.removeprefix("U+"), 16) == ord(glyph.glyph)


def test_one_switch_turns_all_of_them() -> None:
    assert symbols.sent == "✓"
    symbols.use_ascii = True
    try:
        assert [getattr(symbols, name) for name in TABLE] == [g.twin for g in TABLE.values()]
    finally:
        symbols.use_ascii = False
    assert symbols.sent == "✓"
    with pytest.raises(AttributeError, match="no symbol is called 'unheard_of'"):
        symbols.unheard_of  # noqa: B018


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_sources_name_only_symbols_of_the_table_and_write_none_themselves(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documents = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "symbols":
            assert node.attr in {*TABLE, "use_ascii"}, node.attr
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            shown = id(node) not in documents and path.stem != "symbols"
            assert not shown or node.value.isascii(), node.value
