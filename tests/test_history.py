"""Conversations and feedback survive, whole."""

from pathlib import Path

import pytest

from rag.errors import LibraryError
from rag.history import History, reply_from_json, reply_to_json
from rag.library import CATALOG, Library
from rag.records import Reply


@pytest.fixture
def reply(fake_library: Library, two_papers: Path) -> Reply:
    fake_library.add(two_papers)
    return fake_library.answer("港口去年的货物吞吐量达到多少？")


@pytest.fixture
def history(fake_library: Library) -> History:
    return History(fake_library.folder / CATALOG)


def test_a_reply_comes_back_from_json_as_it_was(reply: Reply) -> None:
    assert reply.citations and reply.hits
    assert reply_from_json(reply_to_json(reply)) == reply


def test_a_reply_of_another_format_is_refused() -> None:
    with pytest.raises(LibraryError, match="another version"):
        reply_from_json('{"format": 99}')


def test_messages_are_there_in_order_when_the_library_is_opened_again(history: History, reply: Reply) -> None:
    talk, first = history.append(None, "一？", reply)
    same, second = history.append(talk, "二？", reply)
    assert (same, first.number, second.number) == (talk, 1, 2)
    again = History(history._path)
    assert again.messages(talk) == [first, second]
    (listed,) = again.conversations()
    assert (listed.title, listed.messages) == ("一？", 2)


def test_a_deleted_conversation_takes_its_messages_along_and_the_next_message_begins_another(
    history: History, reply: Reply
) -> None:
    talk, _ = history.append(None, "一？", reply)
    history.delete(talk)
    assert history.conversations() == [] and history.messages(talk) == []
    other, message = history.append(talk, "二？", reply)
    assert other != talk and message.number == 1


def test_truncating_keeps_what_stands_before(history: History, reply: Reply) -> None:
    talk, first = history.append(None, "一？", reply)
    history.append(talk, "二？", reply)
    history.append(talk, "三？", reply)
    history.truncate(talk, 2)
    assert history.messages(talk) == [first]


def test_owners_see_and_change_their_own_conversations_only(history: History, reply: Reply) -> None:
    mine, _ = history.append(None, "我的？", reply, owner="a")
    assert history.conversations("b") == [] and history.messages(mine, "b") == []
    history.delete(mine, "b")
    history.rename(mine, "抢来的", "b")
    history.truncate(mine, 1, "b")
    (kept,) = history.conversations("a")
    assert (kept.title, kept.messages) == ("我的？", 1)
    theirs, _ = history.append(mine, "别人的？", reply, owner="b")
    assert theirs != mine


def test_a_title_is_one_line_and_never_empty(history: History, reply: Reply) -> None:
    talk, _ = history.append(None, "  很长\n的 问题 " + "长" * 200, reply)
    assert (
        history.conversations()[0].title.startswith("很长 的 问题 长") and len(history.conversations()[0].title) == 80
    )
    history.rename(talk, " 新\n名 ")
    assert history.conversations()[0].title == "新 名"
    with pytest.raises(LibraryError, match="title"):
        history.rename(talk, " \n ")


def test_the_last_verdict_on_a_reply_counts(history: History, reply: Reply) -> None:
    history.judge("一？", "right", reply)
    history.judge("一？", "wrong_source", reply)
    (given,) = history.feedback()
    assert (given.question, given.verdict, given.reply) == ("一？", "wrong_source", reply)
    _, judged = history.append(None, "一？", reply)
    _, other = history.append(None, "二？", reply)
    assert history.verdicts([other, judged]) == {1: "wrong_source"}
    with pytest.raises(LibraryError, match="verdict"):
        history.judge("一？", "perhaps", reply)


def test_removing_a_document_leaves_the_conversation_with_its_quotes(
    fake_library: Library, history: History, reply: Reply
) -> None:
    talk, message = history.append(None, "一？", reply)
    for document in fake_library.documents():
        fake_library.remove(document.id)
    assert history.messages(talk) == [message]
