"""What our records are called in other systems."""

from __future__ import annotations

from sqlalchemy import and_, delete, or_, select

from revivatui.crm.records import ExternalRef
from revivatui.crm.store.shapes import EXTERNAL_REF
from revivatui.crm.store.tables import EXTERNAL_REFS
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.wishes import ExternalKey

_COLUMNS = EXTERNAL_REFS.c


async def find(reader: Reader, key: ExternalKey) -> ExternalRef | None:
    row = await reader.row(
        select(EXTERNAL_REFS).where(
            _COLUMNS.system == key.system,
            _COLUMNS.account == key.account,
            _COLUMNS.kind == key.kind,
            _COLUMNS.external_id == key.external_id,
        )
    )
    return EXTERNAL_REF.read(row) if row else None


async def remember(work: Work, ref: ExternalRef) -> ExternalRef:
    """Keep it. One to one: what either side was called before is forgotten."""
    here = and_(
        _COLUMNS.system == ref.system, _COLUMNS.account == ref.account, _COLUMNS.kind == ref.kind
    )
    same = or_(_COLUMNS.external_id == ref.external_id, _COLUMNS.local_id == ref.local_id)
    kept = [
        EXTERNAL_REF.read(row) for row in await work.rows(select(EXTERNAL_REFS).where(here, same))
    ]
    if len(kept) == 1 and _says_nothing_new(kept[0], ref):
        return kept[0]
    if kept:
        await work.run(delete(EXTERNAL_REFS).where(here, same))
    await work.run(work.insert(EXTERNAL_REFS).values(EXTERNAL_REF.values(ref)))
    return ref


async def forget(work: Work, key: ExternalKey) -> None:
    """The other system has nothing of that name any more."""
    await work.run(
        delete(EXTERNAL_REFS).where(
            _COLUMNS.system == key.system,
            _COLUMNS.account == key.account,
            _COLUMNS.kind == key.kind,
            _COLUMNS.external_id == key.external_id,
        )
    )


def _says_nothing_new(kept: ExternalRef, ref: ExternalRef) -> bool:
    return (kept.external_id, kept.local_id) == (ref.external_id, ref.local_id) and (
        ref.updated_at in (None, kept.updated_at)
        and ref.etag in ("", kept.etag)
        and ref.payload_hash in ("", kept.payload_hash)
    )
