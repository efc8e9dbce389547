"""What an agent may want of a thread: messages that carry ids, answered by the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from revivatui.widgets.thread_pane import ThreadPane


class Wanted(Message, namespace="thread"):
    """Something the agent wants done with this thread."""

    def __init__(self, thread: ThreadPane) -> None:
        super().__init__()
        self.thread = thread
        self.conversation_id = thread.conversation_id

    @property
    def control(self) -> ThreadPane:
        return self.thread


class CursorMoved(Wanted, namespace="thread"):
    """The cursor stands on something else, or on nothing."""


class OlderWanted(Wanted, namespace="thread"):
    """The oldest message came near. Once for each oldest message."""


class Copied(Wanted, namespace="thread"):
    """Text went to the clipboard."""

    def __init__(self, thread: ThreadPane, text: str) -> None:
        super().__init__(thread)
        self.text = text


class AttachmentChosen(Wanted, namespace="thread"):
    """A file is to be opened; `attachment_id` is None where the message has several."""

    def __init__(self, thread: ThreadPane, message_id: int, attachment_id: int | None) -> None:
        super().__init__(thread)
        self.message_id = message_id
        self.attachment_id = attachment_id


class LinkChosen(Wanted, namespace="thread"):
    """A link was clicked. It leads where its writer wants: never open it unasked."""

    def __init__(self, thread: ThreadPane, url: str) -> None:
        super().__init__(thread)
        self.url = url


class Refused(Wanted, namespace="thread"):
    """A key that does nothing here, and why."""

    def __init__(self, thread: ThreadPane, words: str) -> None:
        super().__init__(thread)
        self.words = words


class RetryWanted(Wanted, namespace="thread"):
    """A message that failed or is held is to be sent: ours by reference, the server's by id."""

    def __init__(self, thread: ThreadPane, reference: str | None, message_id: int | None) -> None:
        super().__init__(thread)
        self.reference = reference
        self.message_id = message_id


class TakeBackWanted(Wanted, namespace="thread"):
    """A send that failed or is held goes back into the composer."""

    def __init__(self, thread: ThreadPane, reference: str) -> None:
        super().__init__(thread)
        self.reference = reference


class QuoteWanted(Wanted, namespace="thread"):
    """The next reply answers this message."""

    def __init__(self, thread: ThreadPane, message_id: int) -> None:
        super().__init__(thread)
        self.message_id = message_id


class DeleteWanted(Wanted, namespace="thread"):
    """This message of ours is to be deleted."""

    def __init__(self, thread: ThreadPane, message_id: int) -> None:
        super().__init__(thread)
        self.message_id = message_id
