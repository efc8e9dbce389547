"""Every call of the client against the embedded shop, in both versions."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import pytest

from revivatui.api.answers import AttachmentFile
from revivatui.api.cable import Cable
from revivatui.api.client import ChatwootClient
from revivatui.api.errors import AuthExpired, Forbidden, Invalid, NotFound, SignInRefused
from revivatui.api.wire import frame_to_events
from revivatui.shop.server import ShopServer
from revivatui.shop.world import Person, create_shop
from revivatui.state import events
from revivatui.state.models import ListView

T = TypeVar("T")
VERSIONS = ("3.9.0", "4.10.1")
ADMIN = Person("Ada Admin", "ada@example.com", "administrator", token="a" * 24)
BEN = Person("Ben Counter", "ben@example.com", password="Right1!password", token="b" * 24)
CLEO = Person("Cleo Bench", "cleo@example.com", token="c" * 24)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


@dataclass
class Place:
    """A shop with one API inbox of Ben's and Cleo's, and a customer who wrote one message."""

    url: str
    admin: httpx.AsyncClient
    ben: ChatwootClient
    inbox: dict[str, Any]
    contact: dict[str, Any]
    conversation_id: int

    async def customer_writes(self, text: str) -> None:
        await self._public(f"conversations/{self.conversation_id}/messages", content=text)

    async def _public(self, path: str, **body: object) -> Any:
        base = f"/public/api/v1/inboxes/{self.inbox['inbox_identifier']}/contacts"
        answer = await self.admin.post(f"{base}/{self.contact['source_id']}/{path}", json=body)
        answer.raise_for_status()
        return answer.json()


@asynccontextmanager
async def place(version: str) -> AsyncIterator[Place]:
    async with (
        ShopServer(create_shop(version, people=[ADMIN, BEN, CLEO])) as server,
        httpx.AsyncClient(
            base_url=server.url, headers={"api_access_token": "a" * 24}, trust_env=False
        ) as admin,
        ChatwootClient(server.url, "b" * 24, 1, version=version) as ben,
    ):

        async def post(path: str, **body: object) -> Any:
            answer = await admin.post(path, json=body)
            answer.raise_for_status()
            return answer.json()

        account = "/api/v1/accounts/1"
        inbox = await post(f"{account}/inboxes", name="Counter", channel={"type": "api"})
        members = (await admin.get(f"{account}/agents")).json()
        ids = {person["name"]: person["id"] for person in members}
        await post(
            f"{account}/inbox_members",
            inbox_id=inbox["id"],
            user_ids=[ids["Ben Counter"], ids["Cleo Bench"]],
        )
        await post(f"{account}/teams", team={"name": "bench", "description": "repairs"})
        await post(f"{account}/labels", title="quote", description="wants a price", color="#112233")
        await post(f"{account}/canned_responses", short_code="hi", content="Hello {{contact.name}}")
        public = f"/public/api/v1/inboxes/{inbox['inbox_identifier']}/contacts"
        contact = await post(public, name="Rita", email="rita@example.com")
        conversation = await post(f"{public}/{contact['source_id']}/conversations")
        here = Place(server.url, admin, ben, inbox, contact, conversation["id"])
        await here.customer_writes("My screen is cracked")
        yield here


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_session_begins_with_version_person_and_account(version: str) -> None:
    async with place(version) as here:
        session = await here.ben.signed_in()
        assert session.event.version == version == here.ben.server_version
        assert session.event.me.name == "Ben Counter"
        assert session.event.me.role == "agent"
        assert session.event.account.id == 1
        assert session.event.account.features
        assert len(session.pubsub_token) == 24
        assert session.pubsub_token not in repr(session)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_password_is_exchanged_for_the_token(version: str) -> None:
    async with place(version) as here, ChatwootClient(here.url) as anyone:
        signed = await anyone.sign_in("ben@example.com", "Right1!password")
        assert signed.token == "b" * 24
        assert [account.id for account in signed.me.accounts] == [1]
        assert signed.token not in repr(signed)
        with pytest.raises(SignInRefused):
            await anyone.sign_in("ben@example.com", "wrong")


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_wrong_token_signs_out_and_a_denied_role_does_not(version: str) -> None:
    async with place(version) as here, ChatwootClient(here.url, "x" * 24, 1) as stranger:
        with pytest.raises(AuthExpired):
            await stranger.profile()
        here.ben.account_id = 999
        with pytest.raises(NotFound):
            await here.ben.agents()
        here.ben.account_id = 1
        response = await here.admin.request(
            "DELETE", "/api/v1/accounts/1/inbox_members",
            json={"inbox_id": here.inbox["id"], "user_ids": [2]},
        )  # fmt: skip
        assert response.is_success
        with pytest.raises(Forbidden):
            await here.ben.conversation(here.conversation_id)


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_accounts_lists_are_read(version: str) -> None:
    async with place(version) as here:
        ben = here.ben
        assert [a.name for a in await ben.agents()] == ["Ada Admin", "Ben Counter", "Cleo Bench"]
        assert [(i.name, i.channel_type) for i in await ben.inboxes()] == [
            ("Counter", "Channel::Api")
        ]
        assert [(t.name, t.description) for t in await ben.teams()] == [("bench", "repairs")]
        assert [(one.title, one.color) for one in await ben.labels()] == [("quote", "#112233")]
        assert [(c.short_code, c.content) for c in await ben.canned()] == [
            ("hi", "Hello {{contact.name}}")
        ]
        assert set(await ben.cache_keys()) == {"label", "inbox", "team"}
        me = await ben.set_availability("busy")
        assert me.agent.availability == "busy"


@pytest.mark.parametrize("version", VERSIONS)
async def test_lists_counts_and_single_reads_agree(version: str) -> None:
    async with place(version) as here:
        ben, view = here.ben, ListView(tab="unassigned")
        page = await ben.conversations(view)
        assert [row.id for row in page.conversations] == [here.conversation_id]
        assert [contact.name for contact in page.contacts] == ["Rita"]
        assert page.last
        assert page.counts == await ben.counts(view)
        assert page.counts is not None
        assert (page.counts.mine, page.counts.unassigned, page.counts.all) == (0, 1, 1)
        (row,) = page.conversations
        assert row.preview is not None
        assert row.preview.content == "My screen is cracked"
        assert row.unread_count == 1
        assert (await ben.conversation(row.id)).conversation.waiting_since == row.waiting_since
        assert (row.updated_at is None) is (version == "3.9.0")
        assert row == (await ben.updated_within(60)).conversations[0]
        found = await ben.filter(
            [{"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"],
              "query_operator": None}]
        )  # fmt: skip
        assert [one.id for one in found.conversations] == [here.conversation_id]
        with pytest.raises(Invalid, match="attribute key"):
            await ben.filter([{"attribute_key": "moon", "filter_operator": "equal_to",
                               "values": [1], "query_operator": None}])  # fmt: skip
        assert (await ben.conversations(ListView(tab="all", text="cracked"))).conversations
        assert not (await ben.conversations(ListView(tab="all", text="moon"))).conversations
        with pytest.raises(NotFound):
            await ben.conversation(4711)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_sent_message_keeps_its_reference_in_answer_event_and_list(version: str) -> None:
    async with place(version) as here:
        session = await here.ben.signed_in()
        cable = Cable(here.url, session.pubsub_token, 1, session.event.me.id)
        await cable.open()
        sent = await here.ben.send(
            here.conversation_id, "We can look.", False, "ref-1", "echo-1", channel="Channel::Api"
        )
        assert (sent.reference, sent.echo_id, sent.message_type) == ("ref-1", "echo-1", 1)
        heard = await hear(cable, events.MessageArrived)
        assert (heard.message.reference, heard.message.id) == ("ref-1", sent.id)
        assert heard.message.updated_at is not None
        await cable.close()
        thread = await here.ben.messages(here.conversation_id)
        assert [one.reference for one in thread.messages if one.id == sent.id] == ["ref-1"]
        assert thread.complete
        assert thread.contact is not None
        assert thread.contact.name == "Rita"


async def hear(cable: Cable, kind: type[T]) -> T:
    async for at, text in cable:
        for event in frame_to_events(text, 1, at):
            if isinstance(event, kind):
                return event
    raise AssertionError("the feed ended")


@pytest.mark.parametrize("version", VERSIONS)
async def test_pages_of_a_thread_join_without_gaps(version: str) -> None:
    async with place(version) as here:
        for number in range(45):
            await here.customer_writes(f"line {number}")
        newest = await here.ben.messages(here.conversation_id)
        assert len(newest.messages) == 20
        assert not newest.complete
        older = await here.ben.messages(here.conversation_id, before=newest.messages[0].id)
        oldest = await here.ben.messages(here.conversation_id, before=older.messages[0].id)
        assert oldest.complete
        ids = [m.id for page in (oldest, older, newest) for m in page.messages]
        assert ids == sorted(set(ids))
        assert len(ids) == 46
        after = await here.ben.messages(here.conversation_id, after=ids[3])
        assert [m.id for m in after.messages] == ids[4:]
        assert after.complete


@pytest.mark.parametrize("version", VERSIONS)
async def test_notes_files_quotes_and_deletions(version: str) -> None:
    async with place(version) as here:
        ben, conversation = here.ben, here.conversation_id
        first = (await ben.messages(conversation)).messages[0]
        note = await ben.send(conversation, "for us", True, in_reply_to=first.id)
        assert note.private
        assert note.content_attributes["in_reply_to"] == first.id
        files = [AttachmentFile("crack.png", PNG, "image/png"), AttachmentFile("b.txt", b"text")]
        sent = await ben.send(conversation, "see", reference="ref-2", attachments=files,
                              channel="Channel::Api")  # fmt: skip
        assert [(one.name, one.file_type, one.file_size) for one in sent.attachments] == [
            ("crack.png", "image", len(PNG)),
            ("b.txt", "file", 4),
        ]
        assert sent.reference == "ref-2"
        data = b"".join([chunk async for chunk in ben.download(sent.attachments[0])])
        assert data == PNG
        gone = await ben.delete_message(conversation, sent.id)
        assert gone.deleted
        assert not gone.attachments
        with pytest.raises(Invalid):
            await ben.send(conversation, "x" * 150_001)
        with pytest.raises(Invalid):
            await ben.send(conversation, "nul\x00")


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_an_agent_does_to_a_conversation(version: str) -> None:
    async with place(version) as here:
        ben, one = here.ben, here.conversation_id
        me = (await ben.profile()).agent.id

        async def now() -> Any:
            return (await ben.conversation(one)).conversation

        assert await ben.assign(one, me) == me
        assert (await now()).assignee_id == me
        assert (await now()).assignee_kind == "User"
        assert await ben.assign(one, None) is None
        assert (await now()).assignee_id is None
        team = (await ben.teams())[0].id
        assert await ben.assign_team(one, team) == team
        assert (await now()).team_id == team
        await ben.set_priority(one, "urgent")
        assert (await now()).priority == "urgent"
        await ben.set_priority(one, None)
        assert (await now()).priority is None
        assert await ben.set_labels(one, ["quote", "Not Defined"]) == ("quote", "Not Defined")
        assert (await now()).labels == ("quote", "Not Defined")
        until = float(int(time.time()) + 3600)
        snoozed = await ben.set_status(one, "snoozed", until)
        assert (snoozed.status, snoozed.snoozed_until) == ("snoozed", until)
        assert (await now()).snoozed_until == until
        assert (await ben.set_status(one, "open")).status == "open"
        seen = await ben.update_last_seen(one)
        assert seen.conversation.unread_count == 0
        assert (await ben.mark_unread(one)).conversation.unread_count == 1
        await ben.typing(one, on=True, private=True)
        await ben.typing(one, on=False)
        assert await ben.participants(one) is not None
        await ben.mute(one)
        assert (await now()).muted
        await ben.unmute(one)
        assert not (await now()).muted
        assert (await ben.set_status(one, "resolved")).status == "resolved"


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_customer_and_what_is_known_of_them(version: str) -> None:
    async with place(version) as here:
        ben, contact_id = here.ben, here.contact["id"]
        contact = await ben.contact(contact_id)
        assert (contact.name, contact.email) == ("Rita", "rita@example.com")
        assert (contact.blocked is None) is (version == "3.9.0")
        history = await ben.contact_conversations(contact_id)
        assert [row.id for row in history.conversations] == [here.conversation_id]
        assert await ben.contact_labels(contact_id) == ()
        note = await ben.add_note(contact_id, "prefers calls")
        assert (note.content, note.author) == ("prefers calls", "Ben Counter")
        assert await ben.contact_notes(contact_id) == (note,)


@pytest.mark.parametrize("version", VERSIONS)
async def test_search_notifications_and_macros(version: str) -> None:
    async with place(version) as here:
        ben = here.ben
        found = await ben.search("Rita")
        assert [hit.conversation_id for hit in found.conversations] == [here.conversation_id]
        assert found.conversations[0].contact_name == "Rita"
        assert [contact.name for contact in found.contacts] == ["Rita"]
        assert [m.content for m in (await ben.search("cracked")).messages] == [
            "My screen is cracked"
        ]
        me = (await ben.profile()).agent.id
        answer = await here.admin.post(
            f"/api/v1/accounts/1/conversations/{here.conversation_id}/assignments",
            json={"assignee_id": me},
        )
        assert answer.is_success
        listed = await ben.notifications()
        (notification,) = listed.notifications
        assert notification.kind == "conversation_assignment"
        assert notification.conversation_id == here.conversation_id
        assert listed.unread_count == 1
        assert listed.last
        made = await here.admin.post(
            "/api/v1/accounts/1/macros",
            json={"name": "Hand over", "visibility": "global",
                  "actions": [{"action_name": "add_label", "action_params": ["quote"]}]},
        )  # fmt: skip
        assert made.is_success
        (macro,) = await ben.macros()
        assert (macro.name, macro.personal, macro.actions) == ("Hand over", False, ("add_label",))
        await ben.execute_macro(macro.id, [here.conversation_id])
