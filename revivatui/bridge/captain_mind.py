"""What captain answers: the shop's own facts and texts, an estimate, a question; and when a person
is needed instead.

Nothing is said that does not stand in the record or in a text that it is taken from. What captain
does not know it asks once, and then leaves to people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui.bridge import captain_reading as reading
from revivatui.bridge import captain_words as texts
from revivatui.bridge.captain_cues import Need, need
from revivatui.bridge.captain_deeds import Deed, HandOff, Reason, Reply
from revivatui.bridge.captain_identity import Shown, shown_in
from revivatui.bridge.captain_scene import OF_THE_SHOP, Scene
from revivatui.bridge.captain_shop import Shop
from revivatui.bridge.captain_talk import Talk, Turn
from revivatui.copilot.grounding import Ground, check
from revivatui.copilot.retrieval.language import language_of
from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.suggesting import Ranks, suggestions
from revivatui.copilot.suggestion import Question, Suggestion
from revivatui.copilot.templates import BY_ITSELF, from_record
from revivatui.copilot.templates.intents import intents_of

if TYPE_CHECKING:
    from revivatui.bridge.captain_model import CaptainModel
    from revivatui.bridge.captain_settings import CaptainSettings
    from revivatui.copilot.facts import Record

_BINDING: Final = frozenset({"approve", "decline", "move"})
"""What only a person can put into the record."""
_HARD: Final = frozenset({"logic_board", "data_recovery", "raid_nas", "liquid_damage", "no_power"})
_SMALL_TALK: Final = frozenset({"greeting", "thanks", "goodbye", "confirm", "talk"})
AHEAD: Final = 1.2
"""How far the best answer must be before the next one."""
MayTry = Callable[[str], Awaitable[bool]]
"""Whether somebody may try once more to show who they are."""


class ShopMind:
    def __init__(
        self,
        shop: Shop,
        settings: CaptainSettings,
        may_try: MayTry,
        model: CaptainModel | None = None,
    ) -> None:
        self._shop = shop
        self._settings = settings
        self._may_try = may_try
        self._model = model

    async def ready(self) -> None:
        """Read the shop's texts, so that the first customer waits for none of it."""
        await self._shop.library()

    async def think(self, talk: Talk, turn: Turn, tokens_left: int) -> Deed:
        """The deed for a turn; whatever fails here is somebody else's to hand off."""
        library = await self._shop.library()
        scene = await asyncio.to_thread(self._scene, talk, turn)
        needed = await asyncio.to_thread(need, scene.said, turn.words, scene.concepts)
        if needed is not None:
            return _introduced(scene, self._to_people(scene, needed), self._shop.profile.name)
        if talk.turns >= self._settings.turns:
            return self._hand_off(scene, "turns")
        deed = await self._of_a_repair(scene)
        if deed is None:
            deed = await asyncio.to_thread(self._of_the_shop, scene, library)
        if deed is None and self._model is not None:
            deed = await self._model.reply(scene, library, tokens_left)
        if deed is None:
            deed = self._doubt(scene)
        return _introduced(scene, deed, self._shop.profile.name)

    # --- looking ---------------------------------------------------------------------------------

    def _scene(self, talk: Talk, turn: Turn) -> Scene:
        fallback = talk.language or "en"
        language = self._shop.profile.language_for(language_of(turn.words, fallback))
        said = tuple(reading.said_of(talk))
        words = reading.completed(said, turn.words, texts.QUESTIONS)
        found = [one for one in Thesaurus.shipped().concepts(words, language) if not one.negated]
        concepts = frozenset(one.concept for one in found)
        intents = intents_of(words, concepts, reading.last_of_ours(said))
        record = self._shop.record(language)
        device = reading.device_of(said)
        return Scene(talk, turn, language, said, concepts, intents, record, device, words)

    # --- people ----------------------------------------------------------------------------------

    def _to_people(self, scene: Scene, needed: Need) -> HandOff:
        first = {
            "liquid": scene.record.value("shop/first_aid_liquid"),
            "battery": scene.record.value("shop/first_aid_battery"),
            "disk": texts.DISK[scene.language],
        }.get(needed.first, "")
        return self._hand_off(scene, needed.reason, needed.detail, first)

    def _hand_off(self, scene: Scene, reason: Reason, detail: str = "", first: str = "") -> HandOff:
        return HandOff(
            reason,
            scene.intent,
            scene.language,
            texts.farewell(reason, scene.language, first, self._closed(scene)),
            detail,
            scene.device,
        )

    def _closed(self, scene: Scene) -> str:
        """That nobody is there now, and when somebody is."""
        hours = scene.record.value("shop/hours")
        if not hours or self._shop.is_open():
            return ""
        return texts.CLOSED[scene.language].format(hours=hours)

    # --- repairs ---------------------------------------------------------------------------------

    async def _of_a_repair(self, scene: Scene) -> Deed | None:
        """What is told of a repair, to whom it is shown to be; None where none is asked about."""
        shown = shown_in(scene.turn.words)
        asks = scene.asks_of_a_repair
        if not asks and not shown.repair and scene.talk.identity != "asked":
            return None
        if not asks and not shown.repair and not shown.phone:
            return None
        if scene.talk.verified:
            record = await self._shop.record_of_contact(scene.talk.contact_id, scene.language)
            return self._from_record(scene, record, "")
        if scene.talk.identity.startswith("R-"):
            number = scene.talk.identity
            record = await self._shop.record_of_repair(number, scene.language)
            return self._from_record(scene, record, number)
        return await self._identified(scene)

    async def _identified(self, scene: Scene) -> Deed:
        shown = _shown(scene)
        language = scene.language
        asked_before = scene.talk.identity in ("asked", "asked again")
        if not shown.is_whole:
            if asked_before:
                return self._hand_off(scene, "identity")
            return _ask(scene, texts.ASK_IDENTITY, "repair: who asks", identity="asked")
        for who in (f"contact:{scene.talk.contact_id}", f"repair:{shown.repair}"):
            if not await self._may_try(who):
                return self._hand_off(scene, "identity", "Too many tries to show who this is.")
        if not await self._shop.is_owner(shown):
            if scene.talk.identity == "asked again":
                return self._hand_off(scene, "identity", "Number and phone did not match.")
            return _ask(scene, texts.ASK_AGAIN, "repair: who asks", identity="asked again")
        record = await self._shop.record_of_repair(shown.repair, language)
        return self._from_record(scene, record, shown.repair)

    def _from_record(self, scene: Scene, record: Record | None, identity: str) -> Deed:
        """What the record says; a decision is for a person to write down."""
        if record is None:
            return self._hand_off(scene, "identity", "No record of this customer was found.")
        scene = replace(scene, record=record)
        binding = scene.intents_of(_BINDING)
        if binding:
            what = ", ".join(sorted(binding))
            return self._hand_off(scene, "appointment" if "move" in binding else "decision", what)
        question = scene.situation
        if not scene.intents:  # only who they are: what they asked before is answered now
            asked = Question("status?", scene.language, scene.device)
            question = replace(question, question=asked)
        told = [one for one in from_record(question, self._shop.profile) if one.score > BY_ITSELF]
        if not told or told[0].private:
            return self._hand_off(scene, "doubt", "The record does not answer it.")
        return self._reply(scene, told[0].text, f"repair: {told[0].title}", told[0].sources,
                           identity=identity)  # fmt: skip

    # --- the shop --------------------------------------------------------------------------------

    def _of_the_shop(self, scene: Scene, library: Ranks) -> Deed | None:
        return (
            self._wish(scene)
            or self._template(scene)
            or self._warranty(scene)
            or self._found(scene, library)
            or self._appointment(scene)
            or self._further(scene)
            or self._small_talk(scene)
        )

    def _wish(self, scene: Scene) -> Deed | None:
        """A wish for an appointment is passed on once it says when; nothing is booked."""
        offered = reading.last_of_ours(scene.said)
        was_asked = offered.endswith((texts.OFFER[scene.language], texts.ASK_WHEN[scene.language]))
        wants = "visit" in scene.intents or "appointment" in scene.concepts
        agrees = was_asked and "confirm" in scene.concepts
        is_nothing_else = not scene.intents and scene.concepts <= _SMALL_TALK
        if reading.names_time(scene.turn.words) and (wants or was_asked or is_nothing_else):
            return self._hand_off(scene, "appointment", scene.turn.words)
        return _ask(scene, texts.ASK_WHEN, "appointment") if agrees else None

    def _appointment(self, scene: Scene) -> Deed | None:
        if "visit" in scene.intents or "appointment" in scene.concepts:
            return _ask(scene, texts.ASK_WHEN, "appointment")
        return None

    def _template(self, scene: Scene) -> Deed | None:
        """Facts of the shop, filled from its profile."""
        if not scene.intents_of(OF_THE_SHOP) or scene.asks_price:
            return None
        told = from_record(scene.situation, self._shop.profile, calm=False)
        fitting = [one for one in told if one.score > BY_ITSELF and _is_of_the_shop(one)]
        return self._said(scene, fitting[0]) if fitting else None

    def _warranty(self, scene: Scene) -> Deed | None:
        """That there is one; until when one holds, only a person sees."""
        if "warranty" not in scene.intents or "came_back" in scene.concepts or scene.asks_price:
            return None
        months = scene.record.value("shop/warranty_months")
        if months:
            words = texts.WARRANTY_OF[scene.language].format(months=months)
            return self._reply(scene, words, "warranty", ("shop/warranty_months",))
        if not scene.record.value("shop/warranty"):
            return None
        return self._reply(scene, texts.WARRANTY[scene.language], "warranty", ("shop/warranty",))

    def _found(self, scene: Scene, library: Ranks) -> Deed | None:
        """The best of the shop's own texts and prices, where it is good enough."""
        found = suggestions(scene.situation, library, self._shop.profile)
        fitting = [one for one in found.items if one.lane in ("answer", "price")]
        named = f"{scene.device} {scene.words}"
        for place, one in enumerate(fitting):
            if one.private or "{{" in one.text:
                continue
            if one.lane == "price" and (scene.asks_price or place == 0):
                if not reading.is_of_another_device(one.title, named):
                    return self._estimate(scene, one)
                if scene.asks_price:
                    return self._ask_device(scene)
            elif place == 0 and not found.abstained and self._is_sure(scene, fitting):
                return self._said(scene, one)
        return None

    def _further(self, scene: Scene) -> Deed | None:
        """What leads on where nothing answers."""
        if scene.asks_price or "fault" in scene.intents:
            return self._hard(scene) or self._ask_device(scene)
        return self._hard(scene) or self._process(scene)

    def _is_sure(self, scene: Scene, found: Sequence[Suggestion]) -> bool:
        """Whether the first answer speaks of what was asked, and stands out."""
        best, *others = found
        second = max((one.score for one in others), default=0.0)
        stands_out = best.score >= self._settings.confidence and best.score >= AHEAD * second
        return stands_out and _is_of_that(scene, best)

    def _estimate(self, scene: Scene, price: Suggestion) -> Deed:
        """A price with the caveat, what it comes with, and what could be next."""
        language, record = scene.language, scene.record
        price = self._in_language(price, language)
        lines = self._shop.variants(price.sources[0])
        said = [reading.first_sentence(one.text) for one in lines]
        if len(lines) == 1:
            said = [lines[0].text]
        if not reading.has_caveat(said[-1]):
            said.append(texts.ESTIMATE[language])
        sources = [one.id for one in lines]
        if record.value("shop/diagnosis"):
            said.append(texts.FREE[language])
            sources.append("shop/diagnosis")
        if record.value("shop/warranty") and not reading.speaks_of_warranty(said[0]):
            said.append(texts.WARRANTY[language])
            sources.append("shop/warranty")
        if record.value("shop/appointments"):
            said.append(texts.OFFER[language])
        return self._reply(scene, " ".join(said), f"price: {price.title}", tuple(sources))

    def _in_language(self, price: Suggestion, language: str) -> Suggestion:
        """The same line of the price list in the customer's language, where there is one."""
        bare = price.sources[0].removesuffix(".pt") if price.sources else ""
        own = self._shop.source(f"{bare}.pt" if language == "pt" else bare)
        if own is None or own.id == price.sources[0]:
            return price
        return replace(price, text=own.text, title=own.title, sources=(own.id,))

    def _ask_device(self, scene: Scene) -> Deed | None:
        if scene.device and scene.talk.doubts:
            return None
        if reading.last_of_ours(scene.said).endswith(texts.ASK_MODEL[scene.language]):
            return None
        return _ask(scene, texts.ASK_MODEL, "price: asks for the device")

    def _hard(self, scene: Scene) -> Deed | None:
        """What no price or text answers, and a technician has to see."""
        if not _HARD.intersection(scene.concepts):
            return None
        if texts.HARD[scene.language] in reading.last_of_ours(scene.said):
            return self._hand_off(scene, "hard")
        said, sources = [texts.HARD[scene.language]], []
        if scene.record.value("shop/diagnosis"):
            said.append(texts.FREE[scene.language])
            sources.append("shop/diagnosis")
        said.append(texts.OFFER[scene.language])
        return self._reply(scene, " ".join(said), "needs a technician", tuple(sources))

    def _process(self, scene: Scene) -> Deed | None:
        if not {"do_you_repair", "repair_state", "diagnosis"}.intersection(scene.concepts):
            return None
        said, sources = [texts.PROCESS[scene.language]], []
        if repairs := scene.record.value("shop/repairs"):
            said.insert(0, texts.TAKES_IN[scene.language].format(repairs=repairs))
            sources.append("shop/repairs")
        return self._reply(scene, " ".join(said), "how a repair goes", sources)

    def _small_talk(self, scene: Scene) -> Deed | None:
        if not scene.concepts or not scene.concepts <= _SMALL_TALK or scene.intents:
            return None
        if not reading.is_short(scene.turn.words):
            return None
        is_first = not scene.talk.introduced
        if "greeting" in scene.concepts or is_first:
            return _ask(scene, texts.GREETING, "greeting")
        return _ask(scene, texts.THANKS, "thanks")

    # --- saying ----------------------------------------------------------------------------------

    def _said(self, scene: Scene, one: Suggestion) -> Deed:
        return self._reply(scene, one.text, one.title, one.sources)

    def _reply(
        self,
        scene: Scene,
        words: str,
        intent: str,
        sources: Sequence[str] = (),
        *,
        identity: str = "",
    ) -> Deed:
        """Say it, unless something in it stands nowhere."""
        cited = [source for one in sources if (source := self._shop.source(one)) is not None]
        ground = Ground.of(scene.record, cited, scene.said, today=self._shop.today)
        wrong = check(words, ground)
        if wrong:
            return self._hand_off(scene, "ungrounded", "; ".join(one.words for one in wrong))
        return Reply(words, intent, scene.language, tuple(sources), identity=identity)

    def _doubt(self, scene: Scene) -> Deed:
        if scene.turn.files:
            return self._hand_off(scene, "file")
        if scene.talk.doubts:
            return self._hand_off(scene, "doubt")
        return Reply(texts.CLARIFY[scene.language], "not understood", scene.language, is_doubt=True)


def _introduced(scene: Scene, deed: Deed, shop: str) -> Deed:
    """The first words say what it is that speaks; where every second counts, the last ones."""
    if scene.talk.introduced:
        return deed
    intro = texts.INTRO[scene.language].format(shop=shop)
    if isinstance(deed, Reply):
        return replace(deed, words=f"{intro}\n\n{deed.words}")
    if not deed.farewell:
        return deed
    if deed.reason == "emergency":
        by_whom = texts.WRITTEN_BY[scene.language].format(shop=shop)
        return replace(deed, farewell=f"{deed.farewell}\n\n{by_whom}")
    return replace(deed, farewell=f"{intro}\n\n{deed.farewell}")


def _is_of_the_shop(one: Suggestion) -> bool:
    """Whether it tells facts of the shop and nothing else: no question about a repair."""
    return bool(one.sources) and all(source.startswith("shop/") for source in one.sources)


def _is_of_that(scene: Scene, one: Suggestion) -> bool:
    """Whether an answer speaks of something that was asked; to be near is not enough."""
    told = {each.concept for each in Thesaurus.shipped().concepts(one.text, scene.language)}
    told |= {each.concept for each in Thesaurus.shipped().concepts(one.title, scene.language)}
    return bool(told & (scene.concepts - _SMALL_TALK))


def _ask(scene: Scene, words: texts.Words, intent: str, *, identity: str = "") -> Reply:
    """Fixed words of ours, which claim nothing."""
    return Reply(words[scene.language], intent, scene.language, identity=identity)


def _shown(scene: Scene) -> Shown:
    """What was given to show who this is: in this turn, else in the last few messages."""
    shown = shown_in(scene.turn.words)
    return shown if shown.is_whole else shown_in("\n".join(reading.customers_last(scene.said)))
