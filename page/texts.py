"""What the page says, in Chinese and in English. Knows nothing of layout.

To add a language, add an entry to ``TEXTS``; the type checker holds that it is complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text of the page in one language; ``{}`` stands for what is filled in."""

    code: str
    title: str
    tagline: str
    # what is going on
    ready: str
    warming: str
    adding_samples: str
    models_failed: str
    # chat
    ask_tab: str
    ask_label: str
    ask_placeholder: str
    send: str
    stop: str
    new: str
    attach: str
    welcome: str
    welcome_empty: str
    welcome_counts: str
    try_asking: str
    searching: str
    reading: str
    stopped: str
    failed: str
    cite_hint: str
    open_source: str
    confidence: str
    rewritten: str
    closest: str
    copy: str
    copied: str
    retry: str
    edit: str
    editing: str
    right: str
    wrong_answer: str
    wrong_source: str
    thanks: str
    follow_ups: str
    document_gone: str
    # source panel
    source: str
    source_empty: str
    restored: str
    raw: str
    close: str
    page: str
    copy_line: str
    copy_bibtex: str
    span: str
    cut: str
    no_headline: str
    # adding files
    added: str
    replaced: str
    unchanged: str
    refused: str
    passages_added: str
    adding: str


TEXTS: Mapping[str, Texts] = {
    "zh": Texts(
        code="zh",
        title="引据",
        tagline="向报纸提问，每句回答都有出处",
        ready="就绪",
        warming="正在载入模型，可以先提问，稍等即答",
        adding_samples="正在加入样例报纸…",
        models_failed="模型无法载入：{}",
        ask_tab="提问",
        ask_label="问题",
        ask_placeholder="想从这些文献里知道什么？",
        send="提问",
        stop="停止",
        new="新对话",
        attach="添加文献",
        welcome="向文献提问",
        welcome_empty="这里还没有文献。点“添加文献”，选择报纸或其他文本文件，就可以提问。",
        welcome_counts="已收录 {} 份文献、{} 个段落。回答只取自这些文献，并标明出处；文献没说的，会直说。",
        try_asking="试着问",
        searching="正在查找…",
        reading="找到 {} 个段落，正在阅读…",
        stopped="已停止。",
        failed="没能回答：{}",
        cite_hint="看出处 {}",
        open_source="在原文中查看",
        confidence="把握 {}%",
        rewritten="按此问题查找：{}",
        closest="最接近的段落（没有回答这个问题）",
        copy="复制回答和出处",
        copied="已复制",
        retry="重试",
        edit="修改",
        editing="正在修改这个问题；提问后，它和之后的对话会被替换。再点一次“修改”可取消。",
        right="答对了",
        wrong_answer="答错了",
        wrong_source="出处不对",
        thanks="已记下",
        follow_ups="还可以问",
        document_gone="这份文献已从库中删除，只剩引文。",
        source="原文",
        source_empty="点回答里的编号，原文会在这里打开，引用的句子已标出。",
        restored="恢复文本",
        raw="原始页面",
        close="关闭",
        page="第{}版",
        copy_line="复制出处",
        copy_bibtex="复制 BibTeX",
        span="原始文本第 {}–{} 字",
        cut="页面很长，只显示引文前后的部分。",
        no_headline="（无标题）",
        added="已添加",
        replaced="已更新",
        unchanged="没有变化，跳过",
        refused="没有添加",
        passages_added="新增 {} 个段落，现在就可以提问。",
        adding="正在添加：{}",
    ),
    "en": Texts(
        code="en",
        title="Yinju",
        tagline="Ask the papers; every answer shows its source",
        ready="Ready",
        warming="Loading the models; you can ask already, the answer follows",
        adding_samples="Adding the sample papers…",
        models_failed="The models cannot be loaded: {}",
        ask_tab="Ask",
        ask_label="Question",
        ask_placeholder="What do you want to know from these documents?",
        send="Ask",
        stop="Stop",
        new="New conversation",
        attach="Add documents",
        welcome="Ask the documents",
        welcome_empty="There are no documents yet. Choose “Add documents” and pick newspapers or other text files.",
        welcome_counts="{} documents with {} passages. Answers come from these alone, with their sources; what the "
        "documents do not say is said so.",
        try_asking="Try asking",
        searching="Searching…",
        reading="Found {} passages, reading…",
        stopped="Stopped.",
        failed="No answer: {}",
        cite_hint="Show source {}",
        open_source="Show in the source",
        confidence="{}% sure",
        rewritten="Searched as: {}",
        closest="Closest passages (they do not answer the question)",
        copy="Copy with sources",
        copied="Copied",
        retry="Retry",
        edit="Edit",
        editing="Editing this question; asking replaces it and what follows. Choose Edit again to cancel.",
        right="Right",
        wrong_answer="Wrong answer",
        wrong_source="Wrong source",
        thanks="Noted",
        follow_ups="You could also ask",
        document_gone="This document was removed from the library; only the quote is left.",
        source="Source",
        source_empty="Choose a number in an answer: its source opens here with the quoted sentence marked.",
        restored="Restored text",
        raw="Raw page",
        close="Close",
        page="page {}",
        copy_line="Copy citation",
        copy_bibtex="Copy BibTeX",
        span="characters {}–{} of the raw text",
        cut="This page is long; only the part around the quote is shown.",
        no_headline="(no headline)",
        added="added",
        replaced="replaced",
        unchanged="unchanged, skipped",
        refused="not added",
        passages_added="{} new passages; you can ask about them now.",
        adding="Adding: {}",
    ),
}


def texts(language: str) -> Texts:
    """Return the page's texts in ``language``, English ones when there are none."""
    return TEXTS.get(language, TEXTS["en"])
