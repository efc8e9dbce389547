"""The demo shop: who works there, what it owns, and which conversations it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from revivatui.shop.seed.canned import canned_responses
from revivatui.shop.seed.catalogue import (
    CUSTOM_ATTRIBUTES,
    INBOXES,
    LABELS,
    MAILBOX,
    OPENING_HOURS,
    TEAMS,
)
from revivatui.shop.seed.customers import Customer, make_customers, make_names
from revivatui.shop.seed.drafts import DAY, HOUR, MICROS, MINUTE, Agent, DraftConversation, Staff
from revivatui.shop.seed.hostile import HOSTILE_NAMES, HOSTILE_TEXTS
from revivatui.shop.seed.pictures import photos, quote_pdf
from revivatui.shop.seed.rows import ACCOUNT_ID, Writer
from revivatui.shop.seed.timeline import Plan, Storyteller
from revivatui.shop.world import Person

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

PEOPLE_PASSWORD: Final = "Repair-Desk-1!"
SIGN_INS: Final = "demo_sign_ins"


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is; ``long_thread`` is the number of messages of the longest thread."""

    customers: int
    conversations: int
    long_thread: int


SIZES: Final = {"demo": Size(150, 400, 600), "large": Size(4_000, 10_000, 10_000)}


def make_people(seed: int) -> tuple[Person, ...]:
    """One administrator and three agents; give them to ``create_shop`` before seeding."""
    random = Random(f"people {seed}")
    people = []
    for position, (name, first, _) in enumerate(make_names(seed + 1_000_000, 4)):
        token, pubsub = (
            "".join(random.choices("abcdefghijkmnpqrstuvwxyz23456789", k=24)) for _ in "12"
        )
        people.append(
            Person(
                name,
                f"{_ascii(first)}@reviva.example",
                "agent" if position else "administrator",
                PEOPLE_PASSWORD,
                token,
                pubsub,
            )
        )
    return tuple(people)


def seed_shop(shop: Shop, *, size: str = "demo", seed: int = 7) -> None:
    """Fill a new shop of ``make_people(seed)`` up to its clock's now; the same every time.

    Raises:
        KeyError: no such size.
    """
    amount = SIZES[size]
    random = Random(f"shop {seed}")
    staff = _staff(shop)
    with shop.db.transaction():
        writer = Writer(shop, random, _set_up(shop, random, staff))
        customers = make_customers(seed, amount.customers)
        for position in (40, 77):
            customers[position].blocked = True
        now = shop.now()
        quotes = [
            quote_pdf(f"RT-{2100 + n * 317}", customers[n].name, "Repair", 89 + n * 60, now / 1e6)
            for n in range(4)
        ]
        teller = Storyteller(random, staff, photos(random), quotes)
        writer.write(customers, _conversations(teller, random, staff, customers, amount, now))
        shop.db.set_setting(SIGN_INS, {"agent": staff.own.id, "administrator": 1})


def sign_ins(shop: Shop) -> dict[str, dict[str, Any]] | None:
    """How to sign in to a seeded shop, by ``agent`` (the demo's own) and ``administrator``.

    Each has ``id``, ``name``, ``email``, ``password`` and ``token``. None: not seeded.
    """
    ids: dict[str, int] | None = shop.db.setting(SIGN_INS)
    if ids is None:
        return None
    found: dict[str, dict[str, Any]] = {}
    for role, user_id in ids.items():
        user = shop.db.get("users", user_id)
        access = shop.db.find("access_tokens", owner_type="User", owner_id=user_id)
        if user is None or access is None:
            continue
        found[role] = {
            "id": user_id,
            "name": user["name"],
            "email": user["email"],
            "password": PEOPLE_PASSWORD,
            "token": access["token"],
        }
    return found


def _ascii(name: str) -> str:
    from unicodedata import normalize

    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in plain if letter.isalnum())


def _staff(shop: Shop) -> Staff:
    users = [Agent(user["id"], user["name"], user["email"]) for user in shop.db.where("users")]
    return Staff(users[0], tuple(users[1:]))


def _set_up(shop: Shop, random: Random, staff: Staff) -> list[int]:
    """Inboxes with members and hours, teams, labels, texts and attributes; the inboxes' ids."""
    now = shop.now() - 200 * DAY
    made: dict[str, Any] = {"account_id": ACCOUNT_ID, "created_at": now, "updated_at": now}
    inbox_ids = [_inbox(shop, random, name, channel, made) for name, channel in INBOXES]
    for inbox_id in inbox_ids:
        for agent in staff.agents:
            shop.db.insert("inbox_members", inbox_id=inbox_id, user_id=agent.id, created_at=now)
        for day, opens, closes in OPENING_HOURS:
            shop.db.insert(
                "working_hours",
                inbox_id=inbox_id,
                day_of_week=day,
                closed_all_day=opens is None,
                open_hour=opens,
                open_minutes=None if opens is None else 0,
                close_hour=closes,
                close_minutes=None if closes is None else 0,
                **made,
            )
    for position, (name, description) in enumerate(TEAMS):
        team_id = shop.db.insert(
            "teams", name=name, description=description, allow_auto_assign=False, **made
        )
        for agent in staff.agents[: 3 - position]:
            shop.db.insert("team_members", team_id=team_id, user_id=agent.id, created_at=now)
    for title, color, description in LABELS:
        shop.db.insert(
            "labels",
            title=title,
            color=color,
            description=description,
            show_on_sidebar=True,
            **made,
        )
    for short_code, content in canned_responses():
        shop.db.insert("canned_responses", short_code=short_code, content=content, **made)
    for key, name, kind, model, values in CUSTOM_ATTRIBUTES:
        shop.db.insert(
            "custom_attribute_definitions",
            attribute_key=key,
            attribute_display_name=name,
            attribute_display_type=kind,
            attribute_model=model,
            attribute_values=list(values),
            **made,
        )
    return inbox_ids


def _inbox(shop: Shop, random: Random, name: str, channel: str, made: dict[str, Any]) -> int:
    def token() -> str:
        return f"{random.getrandbits(128):032x}"[:24]

    if channel == "Channel::WebWidget":
        channel_id = shop.db.insert(
            "channel_web_widgets",
            website_url="https://shop.example.com",
            website_token=token(),
            hmac_token=token(),
            welcome_title="Hello! Olá!",
            welcome_tagline="Ask us about your repair.",
            **made,
        )
    elif channel == "Channel::Api":
        channel_id = shop.db.insert("channel_api", identifier=token(), hmac_token=token(), **made)
    else:
        channel_id = shop.db.insert(
            "channel_email", email=MAILBOX, forward_to_email=MAILBOX, **made
        )
    return shop.db.insert(
        "inboxes",
        channel_id=channel_id,
        channel_type=channel,
        name=name,
        email_address=MAILBOX if channel == "Channel::Email" else None,
        enable_auto_assignment=False,
        csat_survey_enabled=True,
        timezone="Europe/Lisbon",
        working_hours_enabled=True,
        **made,
    )


def _conversations(
    teller: Storyteller,
    random: Random,
    staff: Staff,
    customers: list[Customer],
    amount: Size,
    now: int,
) -> list[DraftConversation]:
    plans = _plans(random, staff, amount.conversations - 2, now)
    drafts = [
        teller.tell(position, customers[position], plan)
        for plan in plans
        for position in (_customer_for(random, customers, plan),)
    ]
    regular = next(n for n, one in enumerate(customers) if one.language == "en" and not one.blocked)
    drafts.append(
        teller.thread(regular, customers[regular], staff.own, amount.long_thread, now - 35 * MINUTE)
    )
    drafts.append(_hostile(customers, staff, now))
    return drafts


def _customer_for(random: Random, customers: list[Customer], plan: Plan) -> int:
    while True:
        position = random.randrange(len(customers))
        if not customers[position].blocked or plan.status == "resolved":
            return position


def _plans(random: Random, staff: Staff, count: int, now: int) -> list[Plan]:
    """In every 400: 8 just arrived, 142 open, 22 pending, 30 snoozed, the rest resolved."""
    plans: list[Plan] = []
    for position in range(count):
        place = position * 400 // count
        plans.append(_plan(random, staff, place, position, now))
    random.shuffle(plans)
    return plans


def _plan(random: Random, staff: Staff, place: int, position: int, now: int) -> Plan:
    own, others = staff.own, staff.agents[1:]
    if place < 8:
        assignee = own if place in (1, 4, 6) else others[0] if place == 7 else None
        arrived = now - random.randint(MINUTE, 14 * MINUTE)
        return Plan("open", assignee, "customer", arrived, unread=True, inbox=place % 2)
    if place < 50:
        waits = random.choice((HOUR, 5 * HOUR, 20 * HOUR, 3 * DAY, 9 * DAY))
        at = now - random.randint(20 * MINUTE, waits)
        return Plan("open", None, "customer", at, unread=True)
    if place < 85:
        return Plan("open", own, *_conversing(random, now))
    if place < 150:
        return Plan("open", random.choice(others), *_conversing(random, now))
    if place < 172:
        at = now - random.randint(HOUR, 6 * DAY)
        someone = random.choice((None, own, *others))
        at = _while_open(random, at)
        return Plan("pending", someone, "agent", at, unread=random.random() < 0.4)
    if place < 202:
        at = now - random.randint(3 * HOUR, 8 * DAY)
        until = None if place % 6 == 0 else now + random.randint(10 * MINUTE, 5 * DAY)
        someone = random.choice((own, *others))
        at = _while_open(random, at)
        return Plan("snoozed", someone, "agent", at, snoozed_until=until)
    at = now - random.randint(2 * HOUR, 120 * DAY)
    someone = random.choice((own, *others, *others, staff.administrator))
    return Plan("resolved", someone, "all", _while_open(random, at))


def _conversing(random: Random, now: int) -> tuple[Any, int, bool]:
    """How an assigned open conversation stands: who spoke last, when, whether it is unread."""
    at = now - random.randint(15 * MINUTE, random.choice((4 * HOUR, 2 * DAY, 6 * DAY)))
    if random.random() < 0.5:
        return "customer", at, random.random() < 0.8
    return "agent", _while_open(random, at), False


def _while_open(random: Random, at: int) -> int:
    """A time near ``at``, not after it, at which somebody is in the shop: no night, no Sunday."""
    in_a_day = random.randint(11 * HOUR, 18 * HOUR)  # always: the hour of now must change no more
    moment = datetime.fromtimestamp(at // MICROS, UTC)
    if 10 <= moment.hour < 18 and moment.weekday() != 6:
        return at
    day = moment.replace(hour=0, minute=0, second=0)
    if moment.hour < 10:
        day -= timedelta(days=1)
    if day.weekday() == 6:
        day -= timedelta(days=1)
    return int(day.timestamp()) * MICROS + in_a_day


def _hostile(customers: list[Customer], staff: Staff, now: int) -> DraftConversation:
    from revivatui.shop.seed.drafts import DraftMessage

    writer = next(n for n, one in enumerate(customers) if one.name == HOSTILE_NAMES[0])
    at = now - 3 * HOUR
    messages = []
    for position, text in enumerate(HOSTILE_TEXTS):
        at += 40_000_000
        messages.append(DraftMessage(at, "incoming", text))
        if position % 5 == 4:
            at += 20_000_000
            words = f"I am not sure I understand. ({position})"
            messages.append(DraftMessage(at, "outgoing", words, staff.own.id, status="read"))
    return DraftConversation(
        writer, 1, "open", messages, assignee=staff.own.id, priority="low", labels=("complaint",)
    )
