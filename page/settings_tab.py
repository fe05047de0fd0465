"""The tab of settings: language and look of the page, how much is read, how sure an answer must be.

Wires components. Language and look belong to the browser; the rest is kept in the library.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from page import costs, runs
from page.chat import Chat
from page.listing import megabytes
from page.markup import show
from page.panels import QUIET
from page.reasons import reason
from page.serving import COOKIE
from page.warming import Warming
from rag.errors import YinjuError
from rag.library import SETTINGS

LANGUAGES = (("中文", "zh"), ("English", "en"))

_LANGUAGE = f"""(chosen) => {{
  document.cookie = chosen
    ? '{COOKIE}=' + chosen + '; path=/; max-age=31536000; samesite=lax'
    : '{COOKIE}=; path=/; max-age=0; samesite=lax';
  location.reload();
  return [];
}}"""

# The look is kept in the browser and set again on every load, and when the system changes.
APPEARANCE = """() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  window.yinjuLook = (chosen) => {
    if (chosen !== undefined) localStorage.setItem('yinju-look', chosen);
    const kept = localStorage.getItem('yinju-look') || '';
    document.body.classList.toggle('dark', kept === 'dark' || (kept === '' && dark.matches));
  };
  dark.addEventListener('change', () => setTimeout(() => window.yinjuLook(), 0));
  window.yinjuLook();
  return [];
}"""
_KEPT = f"""() => {{
  const found = document.cookie.match(/(?:^|; ){COOKIE}=(\\w+)/);
  return [found ? found[1] : '', localStorage.getItem('yinju-look') || ''];
}}"""


def settings_tab(tab: gr.Tab, chat: Chat, warm: Warming) -> None:
    """Build the tab inside the current Blocks context."""
    words, library = chat.texts, chat.library
    with gr.Column(elem_classes=["narrow", "settings"]):
        language = gr.Radio(
            [(words.as_browser, ""), *LANGUAGES], value="", label=words.page_language, elem_id="page-language"
        )
        look = gr.Radio(
            [(words.as_system, ""), (words.light, "light"), (words.dark, "dark")],
            value="",
            label=words.appearance,
            elem_id="appearance",
        )
        passages = gr.Slider(
            1, 30, step=1, label=words.passages_read, info=words.passages_read_info, elem_id="passages"
        )
        own = gr.Checkbox(label=words.reader_default, elem_id="own-threshold")
        threshold = gr.Slider(0, 1, step=0.01, label=words.threshold, info=words.threshold_info, elem_id="threshold")
        rates = gr.HTML("", apply_default_css=False, elem_id="rates")
        save = gr.Button(words.save, variant="primary", size="sm", elem_id="save-settings")
        note = gr.HTML("", apply_default_css=False)
        models = gr.HTML("", apply_default_css=False, elem_id="models")

    def default() -> float:
        return library.reader().threshold if warm.ready else 0.5

    def effective(use_own: bool, value: float) -> float:
        return round(default() if use_own else value, 2)

    def said(use_own: bool, value: float) -> tuple[Any, str]:
        now = effective(use_own, value)
        return gr.Slider(interactive=not use_own, value=now), f'<p class="label">{show(rates_line(now))}</p>'

    def rates_line(now: float) -> str:
        known = runs.error_rates(now, library.reader().identity) if warm.ready else None
        if known is None:
            return words.no_rates
        return words.error_rates.format(f"{now:.2f}", known.set_name, known.false_answers, known.false_refusals)

    def opened() -> tuple[Any, ...]:
        kept = library.settings
        use_own = kept.threshold is None
        slider, line = said(use_own, kept.threshold or 0.0)
        return kept.passages, use_own, slider, line, models_said(), ""

    def models_said() -> str:
        if not warm.ready:
            return f'<p class="label"><b>{show(words.models)}</b> {show(words.warming)}</p>'
        used, kept = library.models, library.settings
        rows = []
        for label, kind, name in (
            (words.encoder, "encoder", kept.encoder),
            (words.reader, "reader", kept.reader),
        ):
            size = costs.size(kind, name)
            weight = words.on_disk.format(megabytes(size)) if size is not None else words.hub_model
            rows.append(f"<dt>{show(label)}</dt><dd>{show(used[kind])} · {show(weight)}</dd>")
        held, taken = costs.memory(), chat.times.median()
        if held is not None:
            rows.append(f"<dt>{show(words.memory)}</dt><dd>{show(megabytes(held))}</dd>")
        said = words.median_time.format(*taken) if taken else words.no_times
        rows.append(f"<dt>{show(words.answer_time)}</dt><dd>{show(said)}</dd>")
        where = words.change_models.format(library.folder / SETTINGS)
        return (
            f'<p class="label"><b>{show(words.models)}</b> {show(words.models_info)}</p>'
            f'<dl class="facts">{"".join(rows)}</dl><p class="label">{show(where)}</p>'
        )

    def store(count: float, use_own: bool, value: float) -> str:
        try:
            changed = library.settings.changed(passages=int(count), threshold=None if use_own else float(value))
            changed.save(library.folder / SETTINGS)
        except (YinjuError, OSError) as error:
            return f'<p class="note" role="status">{show(reason(words, str(error)))}</p>'
        library.settings = changed
        return f'<p class="note" role="status">{show(words.saved)}</p>'

    tab.select(opened, None, [passages, own, threshold, rates, models, note], **QUIET)
    tab.select(None, None, [language, look], js=_KEPT, api_visibility="private")
    language.input(None, language, None, js=_LANGUAGE, api_visibility="private")
    look.input(None, look, None, js="(chosen) => { window.yinjuLook(chosen); return []; }", api_visibility="private")
    own.input(said, [own, threshold], [threshold, rates], **QUIET)
    threshold.release(said, [own, threshold], [threshold, rates], **QUIET)
    save.click(store, [passages, own, threshold], note, **QUIET)
