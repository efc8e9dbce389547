"""The files of the demo: drawn photos of broken devices and quotes as PDF, made when asked for."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

    Draw = ImageDraw.ImageDraw

_SIZE: Final = (640, 480)
_DESK: Final = (214, 196, 170)
_BODY: Final = (38, 40, 46)
_GLASS: Final = (18, 22, 34)


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One finished file; ``metadata`` is what the server finds out about a picture."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    metadata: dict[str, Any]

    @property
    def checksum(self) -> str:
        """Names the content: equal files share it."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


def photos(random: Random) -> list[MadeFile]:
    """Six pictures as customers send them, PNG and JPEG."""
    drawings: tuple[tuple[str, Callable[[Draw, Random], None]], ...] = (
        ("broken-screen.jpg", _broken_screen),
        ("keyboard-coffee.jpg", _keyboard_with_coffee),
        ("charging-port.png", _charging_port),
        ("green-lines.png", _green_lines),
        ("hard-disk.jpg", _hard_disk),
        ("IMG_20261120_183245.jpg", _swollen_phone),
    )
    return [_photo(name, draw, random) for name, draw in drawings]


def quote_pdf(case: str, customer: str, device: str, amount: int, made_at: float) -> MadeFile:
    """A one-page quote. ``made_at``: epoch seconds; ``amount`` in euros, tax included."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_creation_date(datetime.fromtimestamp(made_at, UTC))
    pdf.set_title(f"Quote {case}")
    pdf.add_page()
    pdf.set_font("helvetica", "B", 16)
    pdf.cell(text="Quote", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", size=10)
    lines = (
        f"Case {case}",
        f"Customer: {_latin(customer)}",
        f"Device: {_latin(device)}",
        f"Parts and work            EUR {amount * 0.81:8.2f}",
        f"Tax                       EUR {amount * 0.19:8.2f}",
        f"Total                     EUR {amount:8.2f}",
        "Valid for 14 days. 12 months of warranty on parts and work.",
    )
    for line in lines:
        pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT", h=7)
    return MadeFile(f"quote-{case}.pdf", "application/pdf", bytes(pdf.output()), {})


def _latin(text: str) -> str:
    """The built-in PDF fonts know Latin-1 only."""
    return (
        "".join(letter if letter.isprintable() else "?" for letter in text)
        .encode("latin-1", "replace")
        .decode("latin-1")
    )


def _photo(name: str, draw: Callable[[Draw, Random], None], random: Random) -> MadeFile:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", _SIZE, _DESK)
    canvas = ImageDraw.Draw(image)
    for _ in range(60):
        y = random.randrange(_SIZE[1])
        shade = random.randint(-9, 9)
        canvas.line((0, y, _SIZE[0], y + shade), fill=tuple(c + shade for c in _DESK))
    draw(canvas, random)
    return MadeFile(name, *_encoded(image, name))


def _encoded(image: Image.Image, name: str) -> tuple[str, bytes, dict[str, Any]]:
    buffer = io.BytesIO()
    if name.endswith(".png"):
        image.save(buffer, "PNG")
        kind = "image/png"
    else:
        image.save(buffer, "JPEG", quality=80)
        kind = "image/jpeg"
    width, height = image.size
    facts = {"identified": True, "width": width, "height": height, "analyzed": True}
    return kind, buffer.getvalue(), facts


def _phone(canvas: Draw) -> tuple[int, int, int, int]:
    canvas.rounded_rectangle((210, 30, 430, 450), 28, fill=_BODY)
    screen = (222, 48, 418, 432)
    canvas.rounded_rectangle(screen, 14, fill=_GLASS)
    return screen


def _broken_screen(canvas: Draw, random: Random) -> None:
    left, top, right, bottom = _phone(canvas)
    center = (random.randint(left + 40, right - 40), random.randint(top + 40, top + 160))
    for _ in range(34):
        angle = random.uniform(0, 2 * math.pi)
        x, y = float(center[0]), float(center[1])
        for _ in range(random.randint(3, 9)):
            angle += random.uniform(-0.35, 0.35)
            step = random.randint(12, 46)
            nx = min(max(x + math.cos(angle) * step, left), right)
            ny = min(max(y + math.sin(angle) * step, top), bottom)
            canvas.line((x, y, nx, ny), fill=(225, 232, 240), width=random.choice((1, 1, 2)))
            x, y = nx, ny
    canvas.ellipse((center[0] - 16, center[1] - 16, center[0] + 16, center[1] + 16), fill="white")


def _green_lines(canvas: Draw, random: Random) -> None:
    left, top, right, bottom = _phone(canvas)
    for _ in range(7):
        x = random.randint(left, right)
        canvas.line((x, top, x, bottom), fill=(40, 230, 90), width=random.randint(1, 4))


def _swollen_phone(canvas: Draw, random: Random) -> None:
    canvas.polygon(((120, 300), (520, 300), (520, 330), (120, 330)), fill=_BODY)
    bulge = random.randint(26, 40)
    canvas.chord((150, 300 - bulge, 490, 300 + bulge), 180, 360, fill=(70, 74, 84))
    canvas.line((120, 300, 520, 290), fill=(200, 205, 215), width=3)


def _keyboard_with_coffee(canvas: Draw, random: Random) -> None:
    canvas.rounded_rectangle((40, 110, 600, 400), 18, fill=(168, 172, 178))
    for row in range(5):
        for column in range(13):
            x, y = 58 + column * 41, 128 + row * 44
            canvas.rounded_rectangle((x, y, x + 35, y + 37), 5, fill=_BODY)
    for _ in range(45):
        middle, level = random.gauss(360, 90), random.gauss(250, 50)
        wide = random.randint(6, 44)
        flat = wide * 0.6
        box = (middle - wide, level - flat, middle + wide, level + flat)
        canvas.ellipse(box, fill=(92, 58, 30))


def _charging_port(canvas: Draw, random: Random) -> None:
    canvas.rounded_rectangle((60, 140, 580, 340), 40, fill=(120, 126, 134))
    canvas.rounded_rectangle((220, 200, 420, 280), 36, fill=(12, 12, 14))
    tilt = random.randint(8, 18)
    canvas.polygon(
        ((260, 232 + tilt), (380, 226 - tilt), (380, 248 - tilt), (260, 254 + tilt)),
        fill=(196, 170, 96),
    )


def _hard_disk(canvas: Draw, random: Random) -> None:
    canvas.rounded_rectangle((130, 60, 510, 430), 12, fill=(150, 155, 162))
    canvas.ellipse((170, 80, 470, 380), fill=(214, 218, 224), outline=_BODY, width=3)
    canvas.ellipse((295, 205, 345, 255), fill=(96, 100, 108))
    for _ in range(3):
        radius = random.randint(60, 140)
        box = (320 - radius, 230 - radius, 320 + radius, 230 + radius)
        canvas.arc(box, random.randint(0, 200), random.randint(210, 340), fill=(120, 90, 60))
    canvas.line((450, 400, 350, 250), fill=(60, 62, 68), width=14)
