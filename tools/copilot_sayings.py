"""Work out beforehand what the copilot needs of its sayings: `python -m tools.copilot_sayings`.

To be run when sayings, glossary or thesaurus were changed; a test tells where that was forgotten.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from revivatui.copilot.retrieval.concepts import Meanings
from revivatui.copilot.retrieval.read_ahead import ReadAhead, spoken_of, vector_of, write
from revivatui.copilot.retrieval.sayings import read_sayings
from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.retrieval.topics import texts_in
from revivatui.copilot.retrieval.vectors import Table


def made_of(texts: list[str]) -> ReadAhead:
    """What is read ahead of these texts of sayings."""
    sayings, names = read_sayings(texts)
    table = Table.shipped()
    return ReadAhead(
        [vector_of(one, table) for one in sayings],
        spoken_of(sayings, len(names), Meanings(Thesaurus.shipped())),
    )


def write_into(folder: Path) -> int:
    """Write it beside the sayings; gives how many there are."""
    texts = texts_in(folder)
    made = made_of(texts)
    write(folder, texts, made)
    return len(made.vectors)


if __name__ == "__main__":
    with as_file(files("revivatui.copilot.retrieval") / "data") as place:
        print(f"{write_into(place)} sayings read ahead")
