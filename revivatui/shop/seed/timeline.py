"""Turns a script into a conversation with times, activity lines, notes, files and an end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any, Final, Literal

from revivatui.shop.seed.catalogue import DEVICES, INBOXES, MAILBOX
from revivatui.shop.seed.customers import Customer
from revivatui.shop.seed.drafts import (
    DAY,
    HOUR,
    MICROS,
    MINUTE,
    Agent,
    DraftConversation,
    DraftMessage,
    Staff,
    Status,
)
from revivatui.shop.seed.pictures import MadeFile
from revivatui.shop.seed.talk import Beat, Language, Scenario, say, scenarios, slots

Ending = Literal["customer", "agent", "all"]

NUDGES: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "Hello? Anybody there?",
        "Did you get my message?",
        "I could also come by in person if that is easier.",
        "Sorry to insist, it is rather urgent for me.",
        "?",
    ),
    "pt": (
        "Está aí alguém?",
        "Receberam a minha mensagem?",
        "Também posso passar aí, se for mais fácil.",
        "Desculpe insistir, mas tenho alguma urgência.",
        "?",
    ),
}
FEEDBACK: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("Fast and friendly.", "Took longer than promised.", "Would come again!", ""),
    "pt": ("Rápidos e simpáticos.", "Demorou mais do que o prometido.", "Recomendo!", ""),
}
_BROWSERS: Final = (("Chrome", "Windows", "Desktop"), ("Safari", "iOS", "iPhone"))
_TEAM_OF_LABEL: Final = {"data-recovery": 3, "liquid": 2, "warranty": 2, "charging": 2}


@dataclass(frozen=True, slots=True)
class Plan:
    """What one conversation shall be in the end. Times in microseconds."""

    status: Status
    assignee: Agent | None
    ends_with: Ending
    ends_at: int
    unread: bool = False
    snoozed_until: int | None = None
    inbox: int | None = None


class Storyteller:
    """Writes conversations; all chance comes from ``random``."""

    def __init__(
        self, random: Random, staff: Staff, photos: list[MadeFile], quotes: list[MadeFile]
    ) -> None:
        self._random = random
        self._staff = staff
        self._photos = photos
        self._quotes = quotes

    def tell(self, position: int, customer: Customer, plan: Plan) -> DraftConversation:
        """A conversation of this customer that ends as planned."""
        random = self._random
        scenario = random.choice(scenarios(customer.language))
        device = _device(random, scenario)
        values = slots(
            random,
            scenario,
            customer=customer.first_name,
            device=device,
            other_device=random.choice(DEVICES["laptop"]),
        )
        speaker = plan.assignee or random.choice(self._staff.agents)
        beats = self._beats(scenario, plan)
        messages = self._spoken(beats, values, speaker)
        if plan.ends_with == "customer" and plan.unread and random.random() < 0.3:
            nudge = DraftMessage(
                messages[-1].at + random.randint(2 * MINUTE, 90 * MINUTE),
                "incoming",
                random.choice(NUDGES[customer.language]),
            )
            messages.append(nudge)
        conversation = DraftConversation(
            position,
            self._inbox(customer, plan),
            plan.status,
            messages,
            assignee=plan.assignee.id if plan.assignee else None,
            snoozed_until=plan.snoozed_until,
            seen_all=not plan.unread,
        )
        self._give_marks(conversation, scenario, values, speaker)
        self._end(conversation, plan, customer, speaker)
        _shift(messages, plan.ends_at - messages[-1].at)
        self._receipts(conversation)
        self._give_source(conversation, customer, values)
        return conversation

    def thread(
        self, position: int, customer: Customer, agent: Agent, count: int, ends_at: int
    ) -> DraftConversation:
        """One long conversation: a business customer's affairs, one after the other."""
        random = self._random
        messages: list[DraftMessage] = []
        while len(messages) < count:
            scenario = random.choice(scenarios(customer.language))
            values = slots(
                random,
                scenario,
                customer=customer.first_name,
                device=_device(random, scenario),
                other_device=random.choice(DEVICES["laptop"]),
            )
            part = self._spoken((*scenario.first, None, *scenario.later), values, agent)
            start = messages[-1].at + random.randint(HOUR, 20 * HOUR) if messages else 0
            _shift(part, start)
            messages.extend(part)
        del messages[count:]
        span = messages[-1].at - messages[0].at
        longest = 200 * DAY
        if span > longest:
            for message in messages:
                message.at = message.at * longest // span
            for before, after in pairwise(messages):
                after.at = max(after.at, before.at + 1)
        _shift(messages, ends_at - messages[-1].at)
        conversation = DraftConversation(
            position,
            1,
            "open",
            messages,
            assignee=agent.id,
            priority="medium",
            labels=("business", "vip"),
            seen_all=True,
        )
        self._receipts(conversation)
        return conversation

    def _beats(self, scenario: Scenario, plan: Plan) -> list[Beat | None]:
        random = self._random
        beats: list[Beat | None] = list(scenario.first)
        if plan.ends_with == "all":
            with_later = scenario.later and random.random() < 0.6
            return [*beats, None, *scenario.later] if with_later else beats
        if scenario.later and random.random() < 0.35:
            beats = [*beats, None, *scenario.later]
        if plan.assignee is None and plan.ends_with == "customer":
            return beats[:1]
        wanted = ("customer", "photo") if plan.ends_with == "customer" else ("agent", "quote")
        ends = [
            place + 1
            for place, beat in enumerate(beats)
            if beat is not None and beat.role in wanted
        ]
        return beats[: random.choice(ends)]

    def _spoken(
        self, beats: list[Beat | None] | tuple[Beat | None, ...], values: dict[str, str], who: Agent
    ) -> list[DraftMessage]:
        random = self._random
        messages: list[DraftMessage] = []
        at = 0
        before: str | None = None
        way = random.randrange(6)
        for beat in beats:
            if beat is None:
                way = random.randrange(6)
                at += random.randint(1, 4) * DAY + random.randint(-HOUR, HOUR)
                continue
            at += self._gap(before, beat.role)
            text = say(beat, way, values)
            if beat.role in ("customer", "photo"):
                messages.extend(self._from_customer(beat, text, at, messages))
            else:
                messages.append(self._from_agent(beat, text, at, who))
            at = messages[-1].at
            before = beat.role
        return messages

    def _gap(self, before: str | None, role: str) -> int:
        random = self._random
        if before is None:
            return 0
        if role == "note":
            return random.randint(20 * MICROS, 6 * MINUTE)
        if role in ("customer", "photo"):
            shortest, longest = random.choices(
                ((40 * MICROS, 40 * MINUTE), (HOUR, 3 * HOUR), (17 * HOUR, 23 * HOUR)), (80, 12, 8)
            )[0]
        else:
            shortest, longest = random.choices(
                ((30 * MICROS, 18 * MINUTE), (HOUR, 3 * HOUR)), (85, 15)
            )[0]
        return random.randint(shortest, longest)

    def _from_customer(
        self, beat: Beat, text: str, at: int, earlier: list[DraftMessage]
    ) -> list[DraftMessage]:
        random = self._random
        if beat.role == "photo":
            return [DraftMessage(at, "incoming", text, file=random.choice(self._photos))]
        parts = [text]
        if len(text) > 70 and random.random() < 0.3:
            head, stop, rest = text.partition(". ")
            parts = [head + stop.strip(), rest] if rest else parts
        messages = []
        for part in parts:
            messages.append(DraftMessage(at, "incoming", part))
            at += random.randint(4 * MICROS, 50 * MICROS)
        asked = [m for m in earlier if m.kind == "outgoing" and m.is_chat]
        if asked and random.random() < 0.06:
            messages[0].reply_to = asked[-1]
        return messages

    def _from_agent(self, beat: Beat, text: str, at: int, who: Agent) -> DraftMessage:
        random = self._random
        if beat.role == "note":
            mentions: tuple[int, ...] = ()
            if random.random() < 0.35:
                colleague = random.choice([a for a in self._staff.agents if a.id != who.id])
                text = f"[@{colleague.name}](mention://user/{colleague.id}/Agent) {text}"
                mentions = (colleague.id,)
            return DraftMessage(at, "outgoing", text, who.id, private=True, mentions=mentions)
        file = random.choice(self._quotes) if beat.role == "quote" else None
        message = DraftMessage(at, "outgoing", text, who.id, file=file)
        chance = random.random()
        if chance < 0.008:
            message.status = "failed"
            message.attributes = {"external_error": "The webhook of the inbox did not answer"}
        elif chance < 0.016 and file is None:
            message.content = "This message was deleted"
            message.attributes = {"deleted": True}
        return message

    def _give_marks(
        self,
        conversation: DraftConversation,
        scenario: Scenario,
        values: dict[str, str],
        speaker: Agent,
    ) -> None:
        """Labels, priority, team and attributes, with the lines that tell of them."""
        random = self._random
        handled = any(m.kind == "outgoing" for m in conversation.messages)
        if random.random() < (0.85 if handled else 0.4):
            conversation.labels = tuple(sorted(set(scenario.labels)))
        if random.random() < 0.6:
            conversation.priority = scenario.priority
        for label in conversation.labels:
            if label in _TEAM_OF_LABEL and random.random() < 0.6:
                conversation.team = _TEAM_OF_LABEL[label]
        conversation.custom_attributes = {"device": values["device"], "ticket": values["ticket"]}
        if scenario.amount[1] and random.random() < 0.5:
            conversation.custom_attributes["quote_amount"] = int(values["low"])
        lines = []
        if conversation.assignee is not None:
            lines.append(f"{speaker.name} self-assigned this conversation")
        if handled and conversation.labels:
            lines.append(f"{speaker.name} added {', '.join(conversation.labels)}")
        if handled and conversation.priority:
            lines.append(f"{speaker.name} set the priority to {conversation.priority}")
        self._insert_lines(conversation.messages, lines)

    def _insert_lines(self, messages: list[DraftMessage], lines: list[str]) -> None:
        """Activity lines stand before the shop's first words, or at the end."""
        spoke = [place for place, m in enumerate(messages) if m.kind == "outgoing"]
        place = spoke[0] if spoke else len(messages)
        at = messages[place - 1].at
        for line in lines:
            at += self._random.randint(MICROS, 3 * MICROS)
            messages.insert(place, DraftMessage(at, "activity", line))
            place += 1
        if place < len(messages) and messages[place].at <= at:
            delay = at + 15 * MICROS - messages[place].at
            for message in messages[place:]:
                message.at += delay

    def _end(
        self, conversation: DraftConversation, plan: Plan, customer: Customer, speaker: Agent
    ) -> None:
        random = self._random
        messages = conversation.messages
        at = messages[-1].at + random.randint(30 * MICROS, 30 * MINUTE)
        if plan.status == "snoozed":
            line = f"Conversation was snoozed by {speaker.name}"
            messages.append(DraftMessage(at, "activity", line))
        elif plan.status == "pending":
            line = f"Conversation was marked as pending by {speaker.name}"
            messages.append(DraftMessage(at, "activity", line))
        elif plan.status == "resolved":
            if customer.blocked:
                line = f"{speaker.name} has muted the conversation"
                messages.append(DraftMessage(at, "activity", line))
            line = f"Conversation was marked resolved by {speaker.name}"
            messages.append(DraftMessage(at + MICROS, "activity", line))
            if random.random() < 0.7:
                self._ask_how_it_was(conversation, at + 2 * MICROS, customer.language)

    def _ask_how_it_was(self, conversation: DraftConversation, at: int, language: Language) -> None:
        random = self._random
        survey = DraftMessage(
            at, "template", "Please rate the conversation", content_type="input_csat"
        )
        survey.attributes = {"display_type": "emoji"}
        if random.random() < 0.5:
            survey.rating = random.choices((5, 4, 3, 2, 1), (60, 22, 9, 4, 5))[0]
            survey.feedback = random.choice(FEEDBACK[language])
            answer = {"rating": survey.rating, "feedback_message": survey.feedback}
            survey.attributes["submitted_values"] = {"csat_survey_response": answer}
        conversation.messages.append(survey)

    def _receipts(self, conversation: DraftConversation) -> None:
        """What the customer has read: all that is older than their own last words."""
        last_words = max((m.at for m in conversation.messages if m.kind == "incoming"), default=0)
        for message in conversation.messages:
            if message.kind == "outgoing" and message.is_chat and message.status == "sent":
                message.status = "read" if message.at < last_words else "delivered"

    def _inbox(self, customer: Customer, plan: Plan) -> int:
        if plan.inbox is not None:
            return plan.inbox
        wanted = self._random.choices((0, 1, 2), (55, 25, 20))[0]
        return 0 if wanted == 2 and customer.email is None else wanted

    def _give_source(
        self, conversation: DraftConversation, customer: Customer, values: dict[str, str]
    ) -> None:
        random = self._random
        channel = INBOXES[conversation.inbox][1]
        if channel == "Channel::WebWidget":
            browser, system, device = random.choice(_BROWSERS)
            conversation.additional_attributes = {
                "browser": {
                    "device_name": device,
                    "browser_name": browser,
                    "platform_name": system,
                    "browser_version": f"{random.randint(110, 131)}.0",
                    "platform_version": "",
                },
                "referer": f"https://shop.example.com/{random.choice(('', 'prices', 'data'))}",
                "initiated_at": {"timestamp": "Sat Nov 21 2026 10:00:00 GMT+0000"},
                "browser_language": customer.language,
            }
        elif channel == "Channel::Email":
            subject = f"{values['device']}: {values['ticket']}"
            conversation.additional_attributes = {
                "source": "email",
                "mail_subject": subject,
                "in_reply_to": None,
            }
            for message in conversation.messages:
                if message.kind == "incoming":
                    _make_mail(message, customer, subject)


def _make_mail(message: DraftMessage, customer: Customer, subject: str) -> None:
    body = {"full": message.content, "reply": message.content, "quoted": message.content}
    email: dict[str, Any] = {
        "bcc": None,
        "cc": None,
        "content_type": "text/plain; charset=UTF-8",
        "date": None,
        "from": [customer.email],
        "html_content": {},
        "in_reply_to": None,
        "message_id": f"m{message.at}@mail.example.com",
        "multipart": False,
        "number_of_attachments": 0,
        "subject": subject,
        "text_content": body,
        "to": [MAILBOX],
    }
    message.content_type = "incoming_email"
    message.attributes = {"email": email, "cc_email": None, "bcc_email": None}
    message.source_id = str(email["message_id"])


def _device(random: Random, scenario: Scenario) -> str:
    kinds = scenario.devices if scenario.devices != ("any",) else ("phone", "laptop", "tablet")
    return random.choice(DEVICES[random.choice(kinds)])


def _shift(messages: list[DraftMessage], by: int) -> None:
    for message in messages:
        message.at += by
