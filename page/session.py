"""What one browser tab's conversation is at a moment. Knows nothing of HTML or Gradio."""

from __future__ import annotations

from dataclasses import dataclass

from rag.history import Message
from rag.records import Turn


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation: its id in the library once something was said, and what was said.

    ``editing`` is the index of the message that the next question replaces, with all after it; ``asking``
    is the question being answered, which stays in the conversation however it is drawn meanwhile;
    ``suggestions`` are follow-up questions.
    """

    conversation: int | None = None
    messages: tuple[Message, ...] = ()
    editing: int | None = None
    asking: str = ""
    suggestions: tuple[str, ...] = ()

    def turns(self) -> list[Turn]:
        """Return the exchanges in the form in which the library takes them."""
        return [
            Turn(message.question, message.reply.short or message.reply.text, message.reply.question)
            for message in self.messages
        ]
