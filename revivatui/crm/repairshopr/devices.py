"""Devices, which the vendor calls assets: made with a type the shop has, described by properties.

Properties that come with a new asset are dropped by the vendor, so they follow in a second call.
What shops call a property differs; a few usual names are known, compared without capitals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from revivatui.crm.devices import brand_of, category_of, is_imei, plain_mark
from revivatui.crm.errors import InvalidRecord
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records import Device
from revivatui.crm.repairshopr import reading
from revivatui.crm.repairshopr.house import device_type_for
from revivatui.crm.repairshopr.reading import Row, id_of, line, maybe_id
from revivatui.crm.repairshopr.work import Work
from revivatui.text.safe import safe, safe_line

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "brand": ("brand", "make", "manufacturer", "maker"),
    "model": ("model", "device model"),
    "model_identifier": ("model number", "model identifier", "model no"),
    "imei": ("imei", "imei number"),
    "colour": ("colour", "color"),
    "storage": ("storage", "hdd", "capacity"),
    "notes": ("notes", "condition"),
}
"""What a property is called where it says something about a device; the first name is ours."""


def device_of(row: Row) -> Device:
    """An asset as a device. A property that is made for a passcode is not read."""
    fields = {
        str(name).casefold(): safe(str(value))
        for name, value in reading.inner(row, "properties").items()
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip()
    }
    told = {name: _first(fields, names) for name, names in _NAMES.items()}
    name, kind = line(row, "name"), line(row, "asset_type")
    model = told["model"] or name
    category = category_of(model)
    return Device(
        id=id_of(row),
        customer_id=maybe_id(row, "customer_id"),
        brand=told["brand"] or brand_of(model),
        model=model,
        created_at=reading.created(row),
        updated_at=reading.updated(row),
        category=category if category != "other" else category_of(kind),
        model_identifier=told["model_identifier"],
        serial=plain_mark(line(row, "asset_serial")),
        imei=plain_mark(told["imei"]),
        colour=told["colour"],
        storage=told["storage"],
        notes=mask_passcodes(told["notes"])[0],
    )


def _first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((safe_line(fields[name]) for name in names if name in fields), "")


async def of_customer(work: Work, customer_id: str) -> tuple[Device, ...]:
    """See `CrmPort.devices_of`: the newest first."""
    rows = await _rows_of(work, customer_id)
    return tuple(sorted(map(device_of, rows), key=lambda one: one.created_at, reverse=True))


async def _rows_of(work: Work, customer_id: str) -> list[Row]:
    rows = await work.rows(
        "devices", "/customer_assets", "assets", {"customer_id": customer_id}, most=10
    )
    return [row for row in rows if maybe_id(row, "customer_id") == customer_id]


async def get(work: Work, device_id: str) -> Device:
    return device_of(await _row(work, device_id))


async def _row(work: Work, device_id: str) -> Row:
    path = f"/customer_assets/{work.number_of(device_id, 'device')}"
    return _asset_in(await work.wire.get(path))


def _asset_in(answer: Row) -> Row:
    """The asset in an answer, which comes with and without a wrapping of its own."""
    row = reading.inner(answer, "asset") or answer
    id_of(row)
    return row


async def save(work: Work, device: Device) -> Device:
    """See `CrmPort.save_device`."""
    if device.imei and not is_imei(device.imei):
        raise InvalidRecord(
            f"{device.imei} is no IMEI: it has fifteen digits, and the last one checks the others."
        )
    tidy = replace(device, serial=plain_mark(device.serial), imei=plain_mark(device.imei))
    async with work.one_at_a_time(f"device {device.customer_id}"):
        row = await _row(work, tidy.id) if tidy.id else await _made(work, tidy)
        return device_of(await _described(work, row, tidy))


async def _made(work: Work, device: Device) -> Row:
    """A new asset, or the one that an earlier attempt made."""
    kind = device_type_for(device.category, await work.house(), work.device_type)
    body: dict[str, Any] = {
        "name": _name(device),
        "customer_id": work.number_of(device.customer_id, "customer"),
        "asset_type_name": kind,
        "asset_serial": device.serial or device.imei,
    }

    async def look() -> Row | None:
        mark = device.serial or device.imei
        for row in await _rows_of(work, device.customer_id):
            same_mark = plain_mark(line(row, "asset_serial")) == mark
            bare = not reading.inner(row, "properties") and not mark
            if same_mark and line(row, "name") == body["name"] and (mark or bare):
                return row
        return None

    if device.serial or device.imei:
        there = await look()
        if there is not None:
            return there
    return await work.write_once(
        lambda: work.wire.write("POST", "/customer_assets", body), _asset_in, look
    )


def _name(device: Device) -> str:
    return device.label or device.serial or device.imei or "Device"


async def _described(work: Work, row: Row, device: Device) -> Row:
    """Bring an asset's name, serial number and properties to what the device says."""
    there = dict(reading.inner(row, "properties"))
    fields = there | _properties(device, there)
    serial = device.serial or device.imei
    if (
        fields == there
        and line(row, "name") == _name(device)
        and line(row, "asset_serial") == serial
    ):
        return row
    body = {"name": _name(device), "asset_serial": serial, "properties": fields}
    path = f"/customer_assets/{id_of(row)}"

    async def look() -> Row | None:
        now = await _row(work, id_of(row))
        return now if reading.inner(now, "properties") == fields else None

    changed = await work.write_once(lambda: work.wire.write("PUT", path, body), _asset_in, look)
    if reading.inner(changed, "properties") != fields:
        return await _row(work, id_of(row))
    return changed


def _properties(device: Device, there: Mapping[str, Any]) -> dict[str, str]:
    """What the device says, each under the name that the shop uses for it, if it uses one.

    The passcode's reference is of no use to anybody else and stays here.
    """
    by_key = {name.casefold(): name for name in there}
    said = {name: getattr(device, name) for name in _NAMES}
    said["notes"] = mask_passcodes(safe(device.notes))[0]
    return {
        next((by_key[one] for one in _NAMES[name] if one in by_key), _NAMES[name][0]): value
        for name, value in said.items()
        if value
    }
