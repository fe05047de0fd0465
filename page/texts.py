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
    picture: str
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

    # library tab
    library_tab: str
    drop_files: str
    add_folder: str
    counts: str
    dates: str
    no_date: str
    filter: str
    sort_by: str
    by_date: str
    by_name: str
    by_added: str
    by_size: str
    open: str
    remove: str
    sure_remove: str
    removed: str
    passages: str
    added_on: str
    more_documents: str
    none_match: str
    articles: str
    histogram: str
    # search tab
    search_tab: str
    search_placeholder: str
    search: str
    from_date: str
    to_date: str
    any_document: str
    any_language: str
    document: str
    language: str
    fused: str
    dense: str
    lexical: str
    shared: str
    found: str
    found_none: str
    bad_date: str
    timeline: str
    all_dates: str
    search_hint: str
    # history tab
    history_tab: str
    history_empty: str
    resume: str
    rename: str
    delete: str
    sure_delete: str
    exchanges: str
    export_as: str
    export_feedback: str
    feedback_count: str
    new_title: str
    save_title: str
    # evaluation tab
    evaluation_tab: str
    run: str
    compare: str
    no_comparison: str
    # settings tab
    settings_tab: str
    page_language: str
    as_browser: str
    appearance: str
    as_system: str
    light: str
    dark: str
    passages_read: str
    passages_read_info: str
    threshold: str
    threshold_info: str
    reader_default: str
    error_rates: str
    no_rates: str
    save: str
    saved: str
    models: str
    models_info: str


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
        raw="原始文本",
        picture="版面图像",
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
        library_tab="文献",
        drop_files="把文件拖到这里，或点击选择",
        add_folder="添加整个文件夹",
        counts="{} 份文献，{} 个段落，{}",
        dates="{} 至 {}",
        no_date="日期未知",
        filter="按标题、文件名或日期筛选",
        sort_by="排序",
        by_date="日期",
        by_name="名称",
        by_added="加入时间",
        by_size="段落数",
        open="打开",
        remove="移除",
        sure_remove="确认移除？",
        removed="已从库中移除：{}。源文件没有动。",
        passages="{} 个段落",
        added_on="{} 加入",
        more_documents="还有 {} 份，筛选后可见。",
        none_match="没有符合的文献。",
        articles="本页文章",
        histogram="各时期的文献数",
        search_tab="检索",
        search_placeholder="输入词语或问题，只找段落，不作回答",
        search="检索",
        from_date="从（年-月-日）",
        to_date="到（年-月-日）",
        any_document="全部文献",
        any_language="全部语言",
        document="文献",
        language="语言",
        fused="综合",
        dense="语义",
        lexical="字词",
        shared="共有词",
        found="找到 {} 个段落",
        found_none="没有找到符合条件的段落。",
        bad_date="“{}”不是日期，请写成 2025-06-19、2025-06 或 2025。",
        timeline="时间分布（点一段只看那个时期）",
        all_dates="看全部时期",
        search_hint="这里按相关程度列出段落，并说明每个段落为什么排在这里。",
        history_tab="历史",
        history_empty="还没有对话。提问后，对话会保存在库里，重新打开也能接着问。",
        resume="继续",
        rename="改名",
        delete="删除",
        sure_delete="确认删除？",
        exchanges="{} 问",
        export_as="导出",
        export_feedback="导出评价（可用作评测题）",
        feedback_count="已记下 {} 条评价",
        new_title="新名称",
        save_title="保存名称",
        evaluation_tab="评测",
        run="评测结果",
        compare="与之比较",
        no_comparison="不比较",
        settings_tab="设置",
        page_language="页面语言",
        as_browser="跟随浏览器",
        appearance="外观",
        as_system="跟随系统",
        light="浅色",
        dark="深色",
        passages_read="每次回答阅读的段落数",
        passages_read_info="多读更全，也更慢。",
        threshold="低于多少把握就不回答",
        threshold_info="调高：错答少，误拒多。调低：相反。",
        reader_default="用模型自带的值",
        error_rates="取 {} 时，在题集“{}”上：误答 {}（文献没有答案却回答），误拒 {}（有答案却说没有）。",
        no_rates="这台电脑上还没有评测结果；运行 yinju eval --out runs/builtin 之后，这里会显示两种错误各有多少。",
        save="保存",
        saved="已保存，对之后的问题生效。",
        models="模型",
        models_info="编码器：{}　阅读器：{}。都在本机运行，不联网。",
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
        raw="Raw text",
        picture="Page image",
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
        library_tab="Library",
        drop_files="Drop files here, or click to choose",
        add_folder="Add a whole folder",
        counts="Documents: {}, passages: {}, {}",
        dates="{} to {}",
        no_date="no known dates",
        filter="Filter by title, file name or date",
        sort_by="Sort by",
        by_date="Date",
        by_name="Name",
        by_added="Time added",
        by_size="Passages",
        open="Open",
        remove="Remove",
        sure_remove="Really remove?",
        removed="Removed from the library: {}. The source file was not touched.",
        passages="passages: {}",
        added_on="added {}",
        more_documents="{} more; filter to see them.",
        none_match="No document fits.",
        articles="Articles",
        histogram="Documents by period",
        search_tab="Search",
        search_placeholder="Words or a question; finds passages, gives no answer",
        search="Search",
        from_date="From (year-month-day)",
        to_date="To (year-month-day)",
        any_document="All documents",
        any_language="All languages",
        document="Document",
        language="Language",
        fused="Overall",
        dense="Meaning",
        lexical="Words",
        shared="Shared words",
        found="Passages: {}",
        found_none="No passage fits.",
        bad_date="“{}” is not a date; write 2025-06-19, 2025-06 or 2025.",
        timeline="Over time (choose a period to see it alone)",
        all_dates="All periods",
        search_hint="Passages by relevance, with the reason why each stands where it does.",
        history_tab="History",
        history_empty="No conversations yet. They are kept in the library and can be resumed at any time.",
        resume="Resume",
        rename="Rename",
        delete="Delete",
        sure_delete="Really delete?",
        exchanges="Questions: {}",
        export_as="Export",
        export_feedback="Export feedback (as evaluation questions)",
        feedback_count="Verdicts kept: {}",
        new_title="New title",
        save_title="Save title",
        evaluation_tab="Evaluation",
        run="Run",
        compare="Compared with",
        no_comparison="nothing",
        settings_tab="Settings",
        page_language="Language of the page",
        as_browser="As the browser",
        appearance="Appearance",
        as_system="As the system",
        light="Light",
        dark="Dark",
        passages_read="Passages read for an answer",
        passages_read_info="More is more thorough, and slower.",
        threshold="Do not answer when less sure than",
        threshold_info="Higher: fewer false answers, more false refusals. Lower: the reverse.",
        reader_default="The model's own value",
        error_rates="At {}, on the set “{}”: {} false answers (the documents do not say), {} false refusals.",
        no_rates="No evaluation on this machine yet; after yinju eval --out runs/builtin both error rates show here.",
        save="Save",
        saved="Saved; it holds for the questions from now on.",
        models="Models",
        models_info="Encoder: {}. Reader: {}. Both run on this machine, without a network.",
    ),
}


def texts(language: str) -> Texts:
    """Return the page's texts in ``language``, English ones when there are none."""
    return TEXTS.get(language, TEXTS["en"])
