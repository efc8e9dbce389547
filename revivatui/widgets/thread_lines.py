"""The lines of one thread item at a width: pieces with style names. No Textual in here.

Customers stand at the left, we at the right of a step; private notes stand at the left behind a
bar and say "note". All times stand in one column at the right end of the measure, with how far a
message has come before them. A message without a heading of its own stands apart from its
neighbour by an empty line where one of the two has several lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.models import ACTIVITY
from revivatui.text import inline
from revivatui.text.when import clock
from revivatui.text.width import truncate, width, wrap
from revivatui.widgets.symbols import symbols
from revivatui.widgets.thread_items import Item, is_ours, own_words, sender_name
from revivatui.widgets.thread_special import answers, attachment_words, email_parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from revivatui.state.models import Message
    from revivatui.text.inline import Line

MEASURE: Final = 88
"""The longest line a reader follows with ease, in cells."""
STEP: Final = 12
"""How far we stand to the right of customers at most, in cells."""
FOLDED_LINES: Final = 30
"""Lines of a message before it is folded; a few more are not worth folding."""
FOLDED_CHARACTERS: Final = 6_000
_WORTH_FOLDING: Final = 6
_SAID_ABOVE: Final = re.compile(r"\s*\b(?:it was )?not sent\.$", re.IGNORECASE)
"""How reasons may end; the heading says it already."""
_OWN_META: Final = 20
"""Cells that the time and the delivery of a message may take of its first line."""
_TIME: Final = 5
_LINES_MORE: Final = frozenset({"in_reply_to", "translations", "is_unsupported"})
"""Attributes that show as lines of their own."""


class Piece(NamedTuple):
    """A piece of a screen line."""

    text: str
    styles: tuple[str, ...] = ()
    target: str = ""
    """What a click on it does: "link:URL", "attachment:ID", "unfold", "retry", "take_back",
    "send_anyway", "edit_held" or "quote:ID"."""


BlockLine = tuple[Piece, ...]
Block = list[BlockLine]
_BLANK: Final[BlockLine] = ()


class SendKeys(NamedTuple):
    """The keys that are named beside a message that did not arrive."""

    again: str = "r"
    back: str = "e"
    unsent: str = "x"
    anyway: str = "f8"
    edit: str = "f7"


class BlockView(NamedTuple):
    """How items are drawn: the same for every item of a thread."""

    width: int
    tz: tzinfo | None = None
    me: int | None = None
    """The signed-in agent, who is called "You"."""
    keys: SendKeys = SendKeys()
    my_name: str = ""

    @property
    def step(self) -> int:
        return min(STEP, self.width // 8) if self.width >= 40 else 2

    @property
    def measure(self) -> int:
        """The cells from the left edge to the end of the column of times."""
        return min(self.width, MEASURE + self.step)


def block(item: Item, view: BlockView, unfolded: bool = False, acts: bool = False) -> Block:
    """The lines of an item; none is wider than `view.width` (which is at least 16).

    `acts` says that keys act on this item now: only then it names them.
    """
    if item.kind == "day":
        return [_BLANK, _divider(item.words, "day", view.measure)]
    if item.kind == "new":
        return [_BLANK, _divider(item.words, "new", view.measure)]
    if item.kind == "gap":
        return [_BLANK, _divider(item.words, "checking", view.measure)]
    if item.kind == "edge":
        return [_centred(item.words, "edge", view.measure)]
    if item.message is not None and item.message.message_type == ACTIVITY:
        return _activity(item, item.message, view)
    return _Writer(item, view, unfolded, acts).block()


def names_keys(item: Item) -> bool:
    """Whether its lines depend on whether keys act on it."""
    if item.send is not None:
        return item.send.state == "failed"
    return item.message is not None and item.message.failed


def estimate(item: Item, view: BlockView) -> int:
    """How many lines an item will about take, without reading its text."""
    if item.message is None:
        if item.send is None:
            return 2
        return 5 if item.send.state in ("failed", "held") else 3
    room = max(8, (view.measure - view.step) * 9 // 10)
    lines = -(-len(item.message.content) // room) + len(item.message.attachments)
    return min(lines, FOLDED_LINES) + ((lines > 1) if item.grouped else 2)


def copy_text(item: Item) -> str:
    """What copying an item gives: the text as it was written, and its files' addresses."""
    if item.send is not None:
        return item.send.content
    if item.message is None:
        return item.words
    files = [attached.data_url for attached in item.message.attachments if attached.data_url]
    return "\n".join(part for part in (item.message.content, *files) if part)


def _divider(words: str, style: str, cells: int) -> BlockLine:
    words = truncate(words, max(1, cells - 8), symbols.ellipsis)
    side = max(1, (cells - width(words) - 2) // 2)
    rest = max(1, cells - width(words) - 2 - side)
    rules = ("new-rule" if style == "new" else "day-rule",)
    return (
        Piece(symbols.rule * side, rules),
        Piece(f" {words} ", (style,)),
        Piece(symbols.rule * rest, rules),
    )


def _centred(words: str, style: str, cells: int) -> BlockLine:
    words = truncate(words, cells, symbols.ellipsis)
    return (Piece(" " * ((cells - width(words)) // 2)), Piece(words, (style,)))


def _activity(item: Item, message: Message, view: BlockView) -> Block:
    at = clock(message.created_at, view.tz)
    room = max(4, view.measure - len(at) - 4)
    text = own_words(inline.plain(message.content), view.my_name) or "something changed"
    mark = f"{symbols.dot} "
    lines: Block = [] if item.grouped else [_BLANK]
    for index, (start, end) in enumerate(wrap(text, room)):
        pieces = [Piece(mark if not index else "  ", ("activity",))]
        pieces.append(Piece(text[start:end], ("activity",)))
        if not index:
            gap = max(2, view.measure - _width(pieces) - len(at))
            pieces += [Piece(" " * gap), Piece(at, ("time",))]
        lines.append(tuple(pieces))
    return lines


class _Writer:
    """Writes the lines of one message or send."""

    def __init__(self, item: Item, view: BlockView, unfolded: bool, acts: bool) -> None:
        self.item = item
        self.unfolded = unfolded
        self.acts = acts
        self.keys = view.keys
        self.message = item.message
        self.send = item.send
        self.private = (item.message or item.send).private  # type: ignore[union-attr]
        self.ours = self.send is not None or (self.message is not None and is_ours(self.message))
        self.left = view.step if self.ours and not self.private else 0
        self.room = max(6, view.measure - view.step)
        self.measure = view.measure
        self.me = view.me
        self.apart = item.grouped and not self._all_short()
        """Grouped, and an empty line stands before it."""
        self.meta = self._meta(view.tz)
        self.meta_due = item.grouped
        self.lines: Block = []

    def block(self) -> Block:
        if not self.item.grouped:
            self.lines.append(_BLANK)
            self._heading()
        elif self.apart:
            self.lines.append(_BLANK)
        if self.item.quoted:
            self._quote(self.item.quoted)
        for line in self._body():
            self._put(line)
        self._files()
        self._failure()
        return self.lines

    def _all_short(self) -> bool:
        """Whether this message and the one it is grouped with take one line each."""
        cells = self.room - (_OWN_META if self.left else 0) - self._bar_width
        both = (self.item.after, self.message)
        return all(message is None or _is_short(message, cells) for message in both)

    # --- the heading -----------------------------------------------------------------------

    def _who(self) -> tuple[str, str]:
        if self.message is None:
            return "You", "ours"
        sender = self.message.sender
        name = sender_name(self.message, self.me)
        if sender is not None and sender.kind not in ("contact", "user"):
            return f"{name} {symbols.dot} bot", "ours"
        return name, "ours" if self.ours else "theirs"

    def _heading(self) -> None:
        name, style = self._who()
        pieces: list[Piece] = []
        room = self.measure - self.left - _width(self.meta) - 2
        if self.private:
            mark = f"note {symbols.dot} "
            pieces.append(Piece(mark, ("note-mark",)))
            room -= width(mark)
        pieces.append(Piece(truncate(name, max(4, room), symbols.ellipsis), (style,)))
        self.meta_due = True
        self._put(tuple(pieces), bar=False)

    def _meta(self, tz: tzinfo | None) -> list[Piece]:
        """How far the message has come, and the time."""
        if self.send is not None:
            word, mark = {
                "queued": ("waiting to go", symbols.sending),
                "held": ("held", symbols.held),
                "sending": ("sending", symbols.sending),
                "unconfirmed": ("checking", symbols.checking),
                "sent": ("sent", symbols.sent),
                "failed": ("not sent", symbols.failed),
            }.get(self.send.state, (self.send.state, symbols.checking))
            style = {"failed": "failed", "held": "checking"}.get(self.send.state, "delivery")
            at = Piece(f"  {clock(self.send.created_at, tz)}", ("time",))
            return [Piece(f"{mark} {word}", (style,)), at]
        assert self.message is not None
        timed = self.item.timed or self.apart
        at = Piece(clock(self.message.created_at, tz) if timed else "", ("time",))
        if not self.ours or self.private or self.message.deleted:
            return [at]
        at = Piece(f"  {at.text:{_TIME}}", ("time",))
        word = self.message.status
        if self.message.failed:
            return [Piece(f"{symbols.failed} not delivered", ("failed",)), at]
        known = {
            "sent": symbols.sent,
            "delivered": f"{symbols.sent * 2} delivered",
            "read": f"{symbols.sent * 2} read",
        }
        style = "read" if word == "read" else "delivery"
        return [Piece(known.get(word, word), (style,)), at]

    # --- the body --------------------------------------------------------------------------

    def _quote(self, words: str) -> None:
        target = self.message.content_attributes.get("in_reply_to") if self.message else None
        mark = f"{symbols.reply} "
        text = truncate(words, self.room - width(mark), symbols.ellipsis)
        click = f"quote:{target}" if isinstance(target, int) else ""
        self._put((Piece(mark + text, ("quoted",), click),))

    def _body(self) -> Block:
        """The text of the message and what its kind adds, wrapped."""
        if self.message is None:
            assert self.send is not None
            return self._text(self.send.content)
        if self.message.deleted:
            return [(Piece("deleted message", ("gone",)),)]
        subject, text, quoted = email_parts(self.message)
        lines: Block = []
        if subject:
            lines += self._text_lines([inline.Line((inline.Run(subject),), "heading")])
        lines += self._text(text)
        if quoted and self.unfolded:
            lines += self._text("\n".join(f"> {line}" for line in quoted.split("\n")))
        elif quoted:
            lines.append(self._folded("quoted text", "shows it"))
        for words, style in answers(self.message):
            lines += self._text_lines([inline.Line((inline.Run(words),))], style)
        if not lines and not self.message.attachments:
            lines.append((Piece("empty message", ("gone",)),))
        return lines

    def _text(self, text: str) -> Block:
        """The wrapped text, folded where it is very long."""
        if self.unfolded:
            return self._text_lines(inline.parse(text))
        lines = self._text_lines(inline.parse(text[:FOLDED_CHARACTERS]))
        if len(text) <= FOLDED_CHARACTERS and len(lines) <= FOLDED_LINES + _WORTH_FOLDING:
            return lines
        words = f"long message, {len(text):,} letters"
        return [*lines[:FOLDED_LINES], self._folded(words, "shows all")]

    def _folded(self, words: str, what: str) -> BlockLine:
        text = f"{symbols.folded} {words} {symbols.dot} enter {what}"
        room = self.room - self._bar_width
        return (Piece(truncate(text, room, symbols.ellipsis), ("fold",), "unfold"),)

    def _text_lines(self, lines: Sequence[Line], style: str = "") -> Block:
        base = (style,) if style else ("note",) if self.private else ()
        wrapped: Block = []
        limit = FOLDED_LINES + _WORTH_FOLDING
        for line in lines:
            first_room = None
            if self.meta_due and not wrapped:
                beside = self.measure - self.left - _width(self.meta) - 2 - self._bar_width
                first_room = min(self.room - self._bar_width, beside)
            wrapped += _wrapped(line, base, self.room - self._bar_width, first_room)
            if len(wrapped) > limit and not self.unfolded:
                break
        return wrapped

    def _files(self) -> None:
        if self.message is None or self.message.deleted:
            return
        for attached in self.message.attachments:
            words = f"{symbols.attachment} {attachment_words(attached)}"
            text = truncate(words, self.room - self._bar_width, symbols.ellipsis)
            self._put((Piece(text, ("attachment",), f"attachment:{attached.id}"),))

    def _failure(self) -> None:
        """Why it did not arrive, and on a line of its own what can be done."""
        if self.send is not None and self.send.state == "failed":
            reason = _SAID_ABOVE.sub("", self.send.reason)
            self._reason(symbols.failed, "failed", reason or "no reason given")
            if self.acts:
                again = Piece(f"{self.keys.again} send again", ("fold",), "retry")
                self._actions(again, Piece(f"{self.keys.back} take back", ("fold",), "take_back"))
            else:
                self._actions(Piece(f"{self.keys.unsent} unsent messages", ("edge",)))
        elif self.send is not None and self.send.state == "held":
            reason = self.send.reason.rstrip(".") or "somebody wrote meanwhile"
            self._reason(symbols.held, "checking", f"held: {reason}")
            anyway = Piece(f"{self.keys.anyway} send anyway", ("fold",), "send_anyway")
            self._actions(anyway, Piece(f"{self.keys.edit} edit", ("fold",), "edit_held"))
        elif self.send is not None and self.send.state == "unconfirmed":
            words = "may have arrived: being looked for before anything is sent again"
            self._reason(symbols.checking, "checking", words)
        elif self.message is not None and self.message.failed:
            error = self.message.content_attributes.get("external_error")
            self._reason(symbols.failed, "failed", str(error or "no reason given"))
            if self.acts:
                self._actions(Piece(f"{self.keys.again} send again", ("fold",), "retry"))
            else:
                self._actions(Piece("choose it to send it again", ("edge",)))

    def _reason(self, mark: str, style: str, words: str) -> None:
        line = inline.Line((inline.Run(words),), first=f"{mark} ", rest="  ")
        for wrapped in _wrapped(line, (style,), self.room - self._bar_width, None):
            self._put(wrapped)

    def _actions(self, *actions: Piece) -> None:
        """What can be done, side by side where there is room; an action is never broken."""
        room = self.room - self._bar_width - 2
        between = Piece(f" {symbols.dot} ", ("edge",))
        line: list[Piece] = []
        for action in actions:
            action = action._replace(text=truncate(action.text, room, symbols.ellipsis))
            if line and _width([*line, between, action]) > room:
                self._put((Piece("  "), *line))
                line = []
            line += [between, action] if line else [action]
        self._put((Piece("  "), *line))

    # --- placing ---------------------------------------------------------------------------

    @property
    def _bar_width(self) -> int:
        return 2 if self.private else 0

    def _put(self, line: BlockLine, bar: bool = True) -> None:
        pieces: list[Piece] = [Piece(" " * self.left)] if self.left else []
        if self.private and bar:
            pieces.append(Piece(f"{symbols.bar} ", ("note-mark",)))
        pieces.extend(line)
        if self.meta_due:
            self.meta_due = False
            gap = self.measure - _width(pieces) - _width(self.meta)
            if gap >= 1:
                pieces.append(Piece(" " * gap))
                pieces.extend(self.meta)
        self.lines.append(tuple(pieces))


def _is_short(message: Message, cells: int) -> bool:
    """Whether a message takes one line for sure."""
    if message.failed or message.attachments or _LINES_MORE & message.content_attributes.keys():
        return False
    text = message.content
    return "\n" not in text and len(text) <= cells * 12 and width(text) <= cells


def _width(pieces: Sequence[Piece]) -> int:
    return sum(width(piece.text) for piece in pieces)


def _wrapped(line: Line, base: tuple[str, ...], room: int, first_room: int | None) -> Block:
    """The screen lines of one line of text."""
    if line.kind == "rule":
        return [(Piece(symbols.rule * min(room, 24), ("day-rule",)),)]
    if line.kind == "heading":
        base = (*base, "bold")
    elif line.kind == "code":
        base = (*base, "code")
    elif line.kind == "quote":
        base = (*base, "quote")
    quotes = f"{symbols.quote} " * min(line.depth, 4)
    first = (
        line.first.replace("- ", f"{symbols.bullet} ")
        if line.first.endswith("- ")
        else (line.first)
    )
    room = max(4, room - width(quotes) - width(first))
    if first_room is not None:
        first_room = max(4, first_room - width(quotes) - width(first))
    text = line.text
    block: Block = []
    for index, (start, end) in enumerate(wrap(text, first_room or room, room)):
        pieces: list[Piece] = []
        if quotes:
            pieces.append(Piece(quotes, (*base, "quote-mark")))
        if lead := line.rest if index else first:
            pieces.append(Piece(lead, base))
        pieces.extend(_cut(line, start, end, base))
        block.append(tuple(pieces))
    return block


def _cut(line: Line, start: int, end: int, base: tuple[str, ...]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for run in line.runs:
        left, right = max(start, at), min(end, at + len(run.text))
        if left < right:
            styles = (*base, *sorted(run.styles)) if run.styles else base
            link = f"link:{run.link}" if run.link and "mention" not in run.styles else ""
            pieces.append(Piece(run.text[left - at : right - at], styles, link))
        at += len(run.text)
        if at >= end:
            break
    return pieces
