"""A report told to others: as a private note, once, and to a webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from revivatui.api.errors import ApiError, NotFound
from revivatui.api.webhook_post import PostFailed, post_json
from revivatui.reporting.errors import ReportError
from revivatui.state.report_markdown import markdown, short
from revivatui.state.report_words import title

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.state.report_data import ShopReport

_MOST_PAGES: Final = 50
"""Pages of twenty messages that are looked through for a note of ours."""


def reference(report: ShopReport) -> str:
    """What the note of a period carries, so that it is found again whoever wrote it."""
    return f"report-{report.period.name}"


async def post_note(client: ChatwootClient, report: ShopReport, conversation_id: int) -> bool:
    """Write the short report as a private note; gives False where it is there already.

    Raises ReportError, ApiError.
    """
    if not client.server_version:
        await client.version()
    mark = reference(report)
    try:
        if await _is_there(client, report, conversation_id):
            return False
    except NotFound:
        raise ReportError(f"There is no conversation #{conversation_id}.") from None
    try:
        await client.send(conversation_id, short(report), private=True, reference=mark)
    except ApiError as error:
        if error.sent == "no":
            raise
        if not await _is_there_after(client, report, conversation_id):
            raise ReportError(
                f"Whether the note reached #{conversation_id} is not known. The next try looks for"
                " it before it writes."
            ) from None
    return True


async def _is_there_after(client: ChatwootClient, report: ShopReport, conversation_id: int) -> bool:
    """Whether a note whose answer was lost arrived."""
    try:
        return await _is_there(client, report, conversation_id)
    except ApiError:
        return False


async def _is_there(client: ChatwootClient, report: ShopReport, conversation_id: int) -> bool:
    """Back to the period's own beginning: no note about it is older."""
    before: int | None = None
    for _ in range(_MOST_PAGES):
        page = await client.messages(conversation_id, before=before)
        if any(one.reference == reference(report) for one in page.messages):
            return True
        oldest = page.messages[0] if page.messages else None
        if page.complete or oldest is None or oldest.created_at < report.period.since:
            return False
        before = oldest.id
    raise ReportError(
        f"#{conversation_id} is too long to find out whether the report stands there already."
    )


async def post_webhook(report: ShopReport, url: str) -> None:
    """Raises ReportError."""
    try:
        await post_json(url, body(report))
    except PostFailed as error:
        raise ReportError(str(error)) from None


def body(report: ShopReport) -> dict[str, Any]:
    """The report as JSON: what machines read of it, and the whole as Markdown."""
    period = report.period
    return {
        "event": "report",
        "id": reference(report),
        "every": period.every,
        "title": title(report),
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "zone": report.zone,
        "as_of": report.as_of,
        "chatwoot": report.version,
        "figures": [
            {
                "id": one.kind.id,
                "name": one.kind.name,
                "value": one.value,
                "unit": one.kind.unit,
                "target": one.kind.target.words if one.kind.target else None,
                "verdict": one.verdict,
            }
            for one in report.figures
        ],
        "markdown": markdown(report),
    }
