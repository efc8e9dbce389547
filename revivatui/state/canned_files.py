"""Canned responses in a file: CSV with a head line, or TOML; read and written."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable
from typing import Final

from revivatui.state.admin import Canned
from revivatui.text.safe import safe, safe_line

HEAD: Final = ("short_code", "content")
MOST: Final = 500
"""Responses that one import takes."""


class BadFile(Exception):
    """The file cannot be used; the text says where and why."""


def written(rows: Iterable[Canned], kind: str) -> str:
    """The text of a file; `kind` is csv or toml."""
    if kind == "toml":
        return "\n".join(map(_entry, rows))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows((one.short_code, one.content) for one in rows)
    return out.getvalue()


def _entry(one: Canned) -> str:
    code, content = _quoted(one.short_code), _quoted(one.content)
    return f"[[canned]]\nshort_code = {code}\ncontent = {content}\n"


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(one, one) for one in text) + '"'


def read(text: str, kind: str) -> tuple[tuple[str, str], ...]:
    """Short codes and texts. Raises BadFile with a sentence."""
    rows = _from_toml(text) if kind == "toml" else _from_csv(text)
    if not rows:
        raise BadFile("There is no canned response in this file.")
    if len(rows) > MOST:
        raise BadFile(f"More than {MOST} canned responses; split the file.")
    seen: set[str] = set()
    for code, _ in rows:
        if code in seen:
            raise BadFile(f"'{code}' is in the file twice.")
        seen.add(code)
    return tuple(rows)


def _from_csv(text: str) -> list[tuple[str, str]]:
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error as error:
        raise BadFile(f"This is no CSV: {safe_line(str(error))}.") from None
    if not lines or [one.strip().lower() for one in lines[0]] != list(HEAD):
        raise BadFile("The first line has to be: short_code,content")
    rows = []
    for number, row in enumerate(lines[1:], 2):
        if not row or row == [""]:
            continue
        if len(row) != 2:
            raise BadFile(f"Row {number} has {len(row)} columns, not two.")
        rows.append(_row(row[0], row[1], f"Row {number}"))
    return rows


def _from_toml(text: str) -> list[tuple[str, str]]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFile(f"This is no TOML: {safe_line(str(error))}.") from None
    entries = found.get("canned", [])
    if set(found) - {"canned"} or not isinstance(entries, list):
        raise BadFile("Entries begin with [[canned]]; nothing else is known here.")
    rows = []
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or set(entry) != set(HEAD):
            raise BadFile(f"Entry {number} needs short_code and content, and nothing else.")
        rows.append(_row(entry["short_code"], entry["content"], f"Entry {number}"))
    return rows


def _row(code: object, content: object, where: str) -> tuple[str, str]:
    if not isinstance(code, str) or not isinstance(content, str):
        raise BadFile(f"{where}: both are texts.")
    code, content = safe_line(code).strip(), safe(content).strip()
    if not code or not content:
        raise BadFile(f"{where}: the {'text' if code else 'short code'} is missing.")
    return code, content
