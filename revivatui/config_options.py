"""Every setting: where it stands in the file, its variable, what it means and what it may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: where it stands in the file, its variable, and what it may be."""

    table: str
    key: str
    attribute: str
    variable: str
    kind: type
    label: str
    """Its name for people."""
    comment: str
    """What it means, true whatever it is set to."""
    choices: tuple[str, ...] = ()
    """All that it may be; empty: anything of its kind."""
    offers: tuple[str, ...] = ()
    """Some of what it may be, where that is not everything."""
    most: int = 240
    """The largest number that it may be."""
    check: Callable[[Any], None] | None = None
    """Raises ValueError, in words, for a value that cannot be."""
    is_private: bool = False
    """It may hold a secret: screens say only that it is there."""

    @property
    def name(self) -> str:
        return f"{self.table}.{self.key}" if self.table else self.key


THEME_NAMES: Final = ("nordic", "nordic-dark")


def _check_hours(text: str) -> None:
    if text:
        from revivatui.state.quiet import parse

        parse(text)


def _check_webhook(url: str) -> None:
    if url:
        from revivatui.text.addresses import problem_of

        if why := problem_of(url):
            raise ValueError(why)


def _check_model_url(url: str) -> None:
    if url:
        from revivatui.copilot.places import BadPlace, base_of

        try:
            base_of(url)
        except BadPlace as error:
            raise ValueError(str(error).rstrip(".")) from None


def _check_model(name: str) -> None:
    if not name.strip():
        raise ValueError("it must be the name of a model")


def _check_max_tokens(count: int) -> None:
    if count < 16:
        raise ValueError("it must be at least 16")


def _check_consent(entries: tuple[str, ...]) -> None:
    for one in entries:
        name = one.removeprefix("inbox:")
        if one != "ask" and (name == one or not name.strip()):
            raise ValueError(f'{one!r} is neither "ask" nor "inbox:NAME"')


OPTIONS: Final = (
    Option(
        "", "profile", "profile", "REVIVATUI_PROFILE", str, "Profile",
        "The profile that opens by itself.",
    ),
    Option(
        "look", "theme", "theme", "REVIVATUI_THEME", str, "Theme",
        "The colours: nordic or nordic-dark.", THEME_NAMES,
    ),
    Option(
        "look", "ascii", "ascii_only", "REVIVATUI_ASCII", bool, "Plain ASCII",
        "Plain letters instead of glyphs, for fonts that lack them and for screen readers.",
    ),
    Option(
        "look", "animations", "animations", "REVIVATUI_ANIMATIONS", bool, "Animations",
        "Whether scrolling glides, which costs ten times the bytes over SSH.",
    ),
    Option(
        "look", "frames_per_second", "frames_per_second", "REVIVATUI_FPS", int,
        "Paints per second",
        "The most paints a second; 0 is automatic: 120, or 20 over SSH.",
    ),
    Option(
        "notify", "rule", "notify_rule", "REVIVATUI_NOTIFY", str, "Bell",
        "Which new messages ring: mine are your conversations, mentions and where you take part; "
        "unassigned rings for nobody's too.", ("none", "mine", "unassigned", "all"),
    ),
    Option(
        "notify", "vip", "notify_vip", "REVIVATUI_NOTIFY_VIP", list, "Always ring for",
        "Labels, and names or e-mail addresses of customers, that ring whatever the rule says and "
        "in quiet hours too.",
    ),
    Option(
        "notify", "quiet", "notify_quiet", "REVIVATUI_QUIET", str, "Quiet hours",
        "When nothing rings, for example 18:00-09:00, sat sun.",
        offers=("18:00-09:00", "18:00-09:00, sat sun"), check=_check_hours,
    ),
    Option(
        "presence", "idle_minutes", "idle_minutes", "REVIVATUI_IDLE_MINUTES", int, "Away after",
        "Minutes without a key or the mouse until you count as away; 0 is never.",
        offers=("0", "5", "10", "15", "30", "60"),
    ),
    Option(
        "presence", "idle", "idle", "REVIVATUI_IDLE", str, "When away",
        "Whether being away offers to set you busy, or does it until the next key.",
        ("offer", "busy"),
    ),
    Option(
        "presence", "offline_on_exit", "offline_on_exit", "REVIVATUI_OFFLINE_ON_EXIT", bool,
        "Offline on exit",
        "Whether leaving the desk shows you offline until you are back.",
    ),
    Option(
        "crm", "url", "crm_url", "REVIVATUI_CRM", str, "CRM",
        "Where repairs are kept: a file, postgresql://user@host/name, the address of a RepairShopr "
        "(`revivatui login --crm`), or nothing.",
        offers=("crm.sqlite3",),
    ),
    Option(
        "crm", "tax_percent", "tax_percent", "REVIVATUI_TAX", int, "Tax in prices",
        "Percent of tax in the catalogue's prices, for quotes.",
        offers=("0", "19", "20", "21", "23", "25"),
    ),
    Option(
        "alerts", "on", "alerts_on", "REVIVATUI_ALERTS", bool, "Alerts",
        "Whether the desk says on every screen when customers wait, nobody is online and the like.",
    ),
    Option(
        "alerts", "waiting", "alerts_waiting", "REVIVATUI_ALERTS_WAITING", int, "Waiting over",
        "Minutes after which a customer who waits for an answer is an alert; 0 is never.",
        offers=("0", "2", "5", "10", "15", "30"),
    ),
    Option(
        "alerts", "answer", "alerts_answer", "REVIVATUI_ALERTS_ANSWER", int, "Answer within",
        "Minutes within which the first answer is promised, where the server keeps no promise of "
        "its own: four fifths of it are an alert; 0 is never.",
        offers=("0", "5", "10", "15", "30", "60"),
    ),
    Option(
        "alerts", "nobody", "alerts_nobody", "REVIVATUI_ALERTS_NOBODY", int, "Nobody online",
        "Minutes without any agent online that are an alert; 0 is never.",
        offers=("0", "1", "2", "5", "10"),
    ),
    Option(
        "alerts", "queue", "alerts_queue", "REVIVATUI_ALERTS_QUEUE", int, "Queue from",
        "How many open conversations of nobody are an alert; 0 is never.",
        offers=("0", "5", "10", "20", "50"),
    ),
    Option(
        "alerts", "csat", "alerts_csat", "REVIVATUI_ALERTS_CSAT", int, "Satisfaction",
        "By how many points of a hundred the last week may be less satisfied than the four weeks "
        "before it; for administrators; 0 is never.",
        offers=("0", "5", "10", "15", "20"),
    ),
    Option(
        "alerts", "bridge", "alerts_bridge", "REVIVATUI_ALERTS_BRIDGE", int, "Bridge behind",
        "Minutes that the bridge may be behind or not running; 0 is never.",
        offers=("0", "2", "5", "10", "30"),
    ),
    Option(
        "alerts", "hours", "alerts_hours", "REVIVATUI_ALERTS_HOURS", str, "Alert hours",
        "The working hours in which there are alerts; none is always.",
        offers=("09:00-18:00 mon tue wed thu fri, 10:00-16:00 sat",), check=_check_hours,
    ),
    Option(
        "alerts", "webhook", "alerts_webhook", "REVIVATUI_ALERTS_WEBHOOK", str, "Alert webhook",
        "An address that is told of each alert as JSON, or nothing.", check=_check_webhook,
        is_private=True,
    ),
    Option(
        "alerts", "command", "alerts_command", "REVIVATUI_ALERTS_COMMAND", list, "Alert command",
        "A program and its arguments that are given each alert as JSON, without a shell.",
    ),
    Option(
        "team", "capacity", "team_capacity", "REVIVATUI_TEAM_CAPACITY", int, "Team capacity",
        "Open conversations an agent may hold where their inboxes set no limit; 0 is no limit.",
        offers=("0", "5", "10", "20"),
    ),
    Option(
        "copilot", "on", "copilot_on", "REVIVATUI_COPILOT", bool, "Suggestions",
        "Whether replies are suggested beside the conversation; nothing leaves the machine for it.",
    ),
    Option(
        "copilot", "model_url", "copilot_url", "REVIVATUI_COPILOT_URL", str, "Model",
        "Address of an OpenAI-compatible server that may be asked for drafts, or nothing: then "
        "none is. `revivatui copilot key` keeps its key.",
        offers=("http://localhost:11434/v1", "https://api.openai.com/v1"),
        check=_check_model_url,
    ),
    Option(
        "copilot", "model", "copilot_model", "REVIVATUI_COPILOT_MODEL", str, "Model's name",
        "Which of the server's models is asked (`revivatui copilot models` lists them).",
        offers=("gpt-4o-mini",), check=_check_model,
    ),
    Option(
        "copilot", "temperature", "copilot_temperature", "REVIVATUI_COPILOT_TEMPERATURE", float,
        "Temperature", "How freely the model words its drafts.",
        offers=("0.0", "0.2", "0.5", "0.8"), most=2,
    ),
    Option(
        "copilot", "max_tokens", "copilot_max_tokens", "REVIVATUI_COPILOT_MAX_TOKENS", int,
        "Longest draft", "Tokens of a draft at most; models that think need more.",
        offers=("150", "300", "600", "1200"), most=8000, check=_check_max_tokens,
    ),
    Option(
        "copilot", "limit_name", "copilot_limit_name", "REVIVATUI_COPILOT_LIMIT_NAME", str,
        "Name of the limit", "What the server calls that limit; the other one is tried by itself.",
        ("max_tokens", "max_completion_tokens"),
    ),
    Option(
        "copilot", "instructions", "copilot_instructions", "REVIVATUI_COPILOT_INSTRUCTIONS", str,
        "Instructions", "The shop's own rules for drafts, behind those that always hold.",
        offers=("Offer an appointment.",),
    ),
    Option(
        "copilot", "consent", "copilot_consent", "REVIVATUI_COPILOT_CONSENT", list, "Consent",
        '"ask": the model is asked by a key press only; "inbox:NAME": drafts for that inbox are '
        "asked for at once.",
        check=_check_consent,
    ),
)  # fmt: skip
