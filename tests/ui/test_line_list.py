"""Lines to read and to choose from: all can be read by keys, and nothing unseen is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.screen import Screen

from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import PIECE_CLASSES, Piece

HEIGHT = 8


def reading(lines: int, *choices: str) -> list[ListLine]:
    """So many lines to read, and these to choose from below."""
    read = [words(f"line {number}") for number in range(lines)]
    return [*read, *(ListLine((Piece(name),), name) for name in choices)]


class Whole(Screen[None]):
    COMPONENT_CLASSES = PIECE_CLASSES


class Lines(App[None]):
    def __init__(self, lines: Sequence[ListLine]) -> None:
        super().__init__()
        self.list = LineList(id="lines")
        self.given = lines
        self.chosen: list[str] = []

    def get_default_screen(self) -> Screen[None]:
        return Whole()

    def compose(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        self.list.show(self.given)
        self.list.focus()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        self.chosen.append(event.choice)

    @property
    def seen(self) -> list[str]:
        return [self.list.render_line(y).text.strip(" ▌") for y in range(self.list.size.height)]


async def test_what_is_to_be_read_above_the_first_choice_is_seen_first_at_every_size() -> None:
    app = Lines(reading(20, "a", "b"))
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.seen[0] == "line 0"
        await pilot.resize_terminal(40, HEIGHT + 4)
        assert app.seen[0] == "line 0"


async def test_everything_can_be_read_and_chosen_with_the_arrows() -> None:
    app = Lines([*reading(20, "a", "b"), *reading(20, "c")])
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        read = dict.fromkeys(app.seen)
        for _key in range(60):
            await pilot.press("down")
            read |= dict.fromkeys(app.seen)
            if app.list.choice == "c":
                break
        assert [line for line in read if line] == [
            *(f"line {number}" for number in range(20)), "a", "b", "c"
        ]  # fmt: skip
        assert app.seen[-1] == "c"
        await pilot.press("enter")
        for _key in range(60):
            await pilot.press("up")
        assert app.seen[0] == "line 0"
        assert app.chosen == ["c"]


async def test_pages_and_edges_reach_what_stands_above_and_below_the_choices() -> None:
    app = Lines([*reading(20, "a", "b"), *reading(12)])
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.press("end")
        assert app.seen[-1] == "line 11"
        for _key in range(6):
            await pilot.press("pageup")
        assert app.seen[0] == "line 0"
        for _key in range(8):
            await pilot.press("pagedown")
        assert app.seen[-1] == "line 11"
        await pilot.press("home")
        assert app.seen[0] == "line 0"


async def test_a_choice_that_is_off_the_screen_is_shown_before_it_is_chosen() -> None:
    app = Lines(reading(20, "a", "b"))
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        assert app.chosen == []
        assert "a" in app.seen
        await pilot.press("enter")
        assert app.chosen == ["a"]


async def test_the_cursor_of_a_list_of_choices_stays_on_the_screen() -> None:
    app = Lines(reading(0, *(f"choice {number}" for number in range(30))))
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.press(*("down",) * 12)
        assert app.list.choice == "choice 12"
        assert "choice 12" in app.seen
        await pilot.resize_terminal(40, HEIGHT - 3)
        await pilot.pause()
        assert "choice 12" in app.seen
        app.list.scroll_to(y=0, animate=False)
        await pilot.press("down")
        assert app.list.choice == "choice 13"
        assert "choice 13" in app.seen


async def test_a_shorter_list_without_the_choice_begins_at_its_top() -> None:
    app = Lines(reading(0, *(f"choice {number}" for number in range(60))))
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.press("end")
        app.list.show(reading(0, *(f"other {number}" for number in range(59))))
        await pilot.pause()
        assert app.seen[0] == "other 0"
        assert app.list.choice == "other 0"
