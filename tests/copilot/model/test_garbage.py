"""Whatever bytes a server sends, there is safe text or one plain sentence, and nothing else."""

from __future__ import annotations

import random

from revivatui.copilot.model import ModelError
from revivatui.copilot.model.errors import STAYS
from revivatui.text.safe import safe
from tests.copilot.model.scenes import asked, read, words
from tests.support.model_server import DONE, ModelServer, Play, event, texts

SEED = 41
ROUNDS = 300
KINDS = ("text/event-stream", "application/json", "text/plain", "", "text/html", "nonsense/\x7f")
SCRAPS = (
    b"data: ", b"data:", b"\n", b"\r\n", b"\r", b": x", b"event: error", DONE, b"[DONE]", b"{",
    b"}", b'{"choices":', b'[{"delta":',
    b'{"choices":[{"delta":{"content":"hi \\ud83d"}}]}', b'{"error":{"message":7}}', b"null",
    b'{"choices":[{"delta":{"content":["a",{"text":null},{"text":"b"}]}}]}', b"\xff\xfe\x00",
    b'{"choices":[{"delta":{"content":"<think>"}}]}', b'{"usage":{"prompt_tokens":-1e99}}',
    b'{"choices":{"0":1}}', b'{"choices":[null]}', b'{"choices":[{"finish_reason":{"a":1}}]}',
    event({"choices": [{"delta": {"content": "\x1b]0;x\x07\x9b\u202e"}}]}), b"1e999", b"[[[[",
    texts(["ok [[NAME_1_", "zzzzzzzz]]"]), b'{"object":"error","message":{"a":[]}}',
    texts(["It is", " ready."]), b"\xef\xbb\xbf",
)  # fmt: skip


def garbage(draw: random.Random) -> Play:
    parts = [draw.choice(SCRAPS) for _ in range(draw.randrange(6))]
    is_framed = draw.random() < 0.6
    body = b"".join(b"data: " + one + b"\n\n" if is_framed else one for one in parts)
    if draw.random() < 0.3:
        body += draw.randbytes(draw.randrange(200))
    cuts = sorted(draw.sample(range(1, len(body)), min(5, len(body) - 1))) if len(body) > 1 else []
    status = draw.choice((*[200] * 12, 204, 299, 302, 400, 404, 418, 429, 500, 599))
    wait = draw.choice(("", "x", "-1", "1e9", "99999999999", "Thu, 32 Foo 2026 00:00:00 GMT"))
    headers = (("retry-after", wait),) if wait else ()
    kind = draw.choice((*[KINDS[0]] * 6, *KINDS)).replace("\x7f", "x")
    return Play(
        body,
        status,
        kind,
        headers,
        draw.choice(("done", "done", "done", "cut", "reset")),
        cuts=cuts,
    )


async def test_no_bytes_of_a_server_do_harm() -> None:
    print(f"seed {SEED}")
    draw = random.Random(SEED)
    ended = {"answered": 0, "refused": 0}
    async with ModelServer() as server:
        for number in range(ROUNDS):
            made = garbage(draw)
            server.play(*[made] * 9)
            async with asked(server, quiet_seconds=10.0) as model:
                try:
                    text = words(await read(model))
                except ModelError as error:
                    said = str(error)
                    assert STAYS in said or "local suggestions stay" in said, (number, said)
                    assert said == safe(said)
                    assert "\n" not in said
                    ended["refused"] += 1
                else:
                    assert text == safe(text), number
                    ended["answered"] += 1
            server.forget_plays()
    assert min(ended.values()) > 5, ended
