"""Messages and names as an attacker or an accident would send them; no NUL, which is refused."""

from __future__ import annotations

from typing import Final

HOSTILE_NAMES: Final[tuple[str, ...]] = (
    "[bold red]Not Markup[/bold red]",
    "Evil\x1b[31m\x1b]0;title\x07 Escape",
    "Abdul \u202etxt.exe\u202c Override",
    "Zero\u200bWidth\u200d\ufeff Person",
    "Z\u0341a\u0300\u0301\u0302\u0303\u0304lgo",
    "👩\u200d👩\u200d👧\u200d👦 Família Emoji 🇵🇹",
    "A very long name that goes on and on " * 4,
)

HOSTILE_TEXTS: Final[tuple[str, ...]] = (
    "Colours? \x1b[31mred\x1b[0m \x1b[2J\x1b[H cleared your screen",
    "Title and clipboard: \x1b]0;pwned\x07 \x1b]52;c;ZWNobyBoYWNrZWQ=\x07 done",
    "8-bit controls: \x9b31m \x9d52;c;AAAA\x9c \x90q\x9c and bell \x07\x07\x07",
    "A link that lies: \x1b]8;;https://evil.example/\x1b\\https://bank.example\x1b]8;;\x1b\\",
    "[bold]Markup[/bold] [link=https://evil.example]click[/link] [/] [@click=app.quit]quit[/]",
    "<script>alert(1)</script><img src=x onerror=alert(1)> {{contact.email}} {% raw %}",
    "Invoice \u202egnp.exe\u202c and \u2066isolated\u2069 and \u200fright-to-left\u200e marks",
    "ze\u200bro wid\u200cth jo\u200diner \ufeffbom \u2060word",
    "Combining: " + "a" + "\u0301" * 200 + " end",
    "Emoji: 👩🏽\u200d🔧 👨\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 🇵🇹🇬🇧 1️⃣ ☎️ ❤️\u200d🔥",
    "Wide: 屏幕坏了，能修吗？ 画面が割れました。 화면이 깨졌어요 ｆｕｌｌ",
    "Arabic שלום mixed: شاشة الهاتف مكسورة iPhone 13 كم السعر؟",
    "tabs\there\tand\r\nthere\rcarriage\x0bvertical\x0cform feed",
    "   \u00a0\u2003\u3000  ",
    "# Heading\n\n* list\n  * nested\n> quote\n\n```sh\nrm -rf /\n```\n"
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[" * 300 + "x" + "](https://example.com)" * 300,
    "https://example.com/" + "a" * 900 + "?q=%1b%5b31m",
    "x" * 20_000,
    "one word per line\n" * 400,
    "private use \ue000\uf8ff \U000f0000 and noncharacter \ufdd0",
)
