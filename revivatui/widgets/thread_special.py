"""What messages of special kinds add to their text: e-mails, surveys, choices, files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from revivatui.state.models import INCOMING, TEMPLATE
from revivatui.text.html_text import html_text, looks_like_html
from revivatui.text.when import size
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from revivatui.state.models import Attachment, Message

_SURVEY_LINK: Final = re.compile(r",?\s{0,9}https?://\S{1,300}/survey/responses/\S+")
_MOST_RATED: Final = 5


def email_parts(message: Message) -> tuple[str, str, str]:
    """Subject, own words and quoted rest of a message; only e-mails have the first and the last.

    The server's `quoted` repeats the whole text, so what follows the reply in `full` is taken.
    """
    if message.message_type == TEMPLATE:
        return "", template_text(message), ""
    email = _mapping(message.content_attributes.get("email"))
    if not email or message.message_type != INCOMING:
        return "", message.content, ""
    text = _mapping(email.get("text_content"))
    reply, full = _words(text.get("reply")), _words(text.get("full"))
    own = message.content or reply
    if not own:
        own = html_text(_words(_mapping(email.get("html_content")).get("full")))
    quoted = full[len(own) :].strip() if own and full.startswith(own) else ""
    return _words(email.get("subject")), own, quoted


def template_text(message: Message) -> str:
    """A template's text without the survey's address and, where it is HTML, without its tags."""
    text = _SURVEY_LINK.sub("", message.content)
    return html_text(text) if looks_like_html(text) else text.strip()


def answers(message: Message) -> Iterator[tuple[str, str]]:
    """Lines with style names below the text: what was asked and what the customer answered."""
    attributes = message.content_attributes
    if message.content_type == "input_csat":
        yield _survey(_mapping(attributes.get("submitted_values")))
    elif message.content_type == "input_email":
        given = _words(attributes.get("submitted_email"))
        yield (f"answered: {given}", "chosen") if given else ("no address given yet", "gone")
    else:
        yield from _items(message)
    if attributes.get("is_unsupported"):
        yield "The server could not take in all of this message.", "gone"
    for language, translation in _mapping(attributes.get("translations")).items():
        yield f"in {language}: {_words(translation)}", "chosen"


def _survey(values: Mapping[str, Any]) -> tuple[str, str]:
    response = _mapping(values.get("csat_survey_response"))
    rating = response.get("rating")
    if not isinstance(rating, int):
        return "survey: no answer yet", "gone"
    stars = symbols.star * max(0, min(rating, _MOST_RATED))
    said = _words(response.get("feedback_message"))
    return f"survey: {stars} {rating} of {_MOST_RATED}{f' - {said}' if said else ''}", "chosen"


def _items(message: Message) -> Iterator[tuple[str, str]]:
    submitted = message.content_attributes.get("submitted_values")
    chosen = [_mapping(value) for value in submitted] if isinstance(submitted, list | tuple) else []
    items = message.content_attributes.get("items")
    picked = {_words(value.get("title")) for value in chosen}
    for item in items if isinstance(items, list | tuple) else ():
        fields = _mapping(item)
        title = _words(fields.get("title")) or _words(fields.get("label"))
        details = " - ".join(
            text for text in (_words(fields.get("description")), _words(fields.get("link"))) if text
        )
        taken = title in picked
        mark = symbols.chosen if taken else symbols.choice
        yield f"{mark} {title}{f' - {details}' if details else ''}", "chosen" if taken else "choice"
        actions = fields.get("actions")
        for action in actions if isinstance(actions, list | tuple) else ():
            words = _words(_mapping(action).get("text"))
            uri = _words(_mapping(action).get("uri"))
            yield f"  {symbols.choice} {words}{f' - {uri}' if uri else ''}", "choice"
    if message.content_type == "form":
        for value in chosen:
            yield f"{_words(value.get('name'))}: {_words(value.get('value'))}", "chosen"


def attachment_words(attached: Attachment) -> str:
    """A file in one line: its name, what it is, its size."""
    parts = [attached.name or "unnamed"]
    if attached.file_type not in ("file", ""):
        parts.append(attached.file_type)
    if attached.width and attached.height:
        parts.append(f"{attached.width}x{attached.height}")
    if attached.file_size:
        parts.append(size(attached.file_size))
    return "  ".join(parts)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _words(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
