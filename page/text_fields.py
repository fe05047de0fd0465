"""The texts that the page needs, one field each. Knows no language: ``page.texts`` fills them in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text of the page in one language; ``{}`` stands for what is filled in."""

    code: str
    title: str
    tagline: str
    # what is going on
    opening: str
    opening_hint: str
    opening_asked: str
    opening_lost: str
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
    no_picture: str
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
    other_language: str
    on_disk: str
    reindex: str
    reindexing: str
    reindexed: str
    # search tab
    search_tab: str
    search_placeholder: str
    search: str
    from_date: str
    to_date: str
    any_document: str
    in_headline: str
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
