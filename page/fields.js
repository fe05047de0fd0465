// Runs once when the page is loaded; the words in capitals are filled in. Mends what Gradio's fields leave undone.

() => {
  let typing = null, before = '';

  // An open list of choices that is long enough to scroll is a stop of the Tab key for Chromium, and gone at that
  // moment: the focus would be lost.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab') return;
    for (const list of document.querySelectorAll('[role=listbox]')) list.tabIndex = -1;
  }, true);

  // A list opens when its field gets the focus, and only then: clicked in a field that has it already, nothing would
  // happen. Words being typed into it are left alone.
  document.addEventListener('input', (event) => { typing = event.target; }, true);
  document.addEventListener('focusout', () => { typing = null; }, true);
  document.addEventListener('mousedown', (event) => {
    const field = event.target;
    if (!field.matches('input[role=combobox]') || field !== document.activeElement || field === typing) return;
    if (field.getAttribute('aria-expanded') === 'true') event.preventDefault(); // closed it stays
    field.blur();
  }, true);

  // A number outside its bounds would be sent, and then silently become the nearest bound.
  document.addEventListener('focusin', (event) => {
    if (event.target.type === 'number') before = event.target.value;
  }, true);
  document.addEventListener('change', (event) => {
    const field = event.target, value = Number(field.value);
    if (field.type !== 'number') return;
    if (field.value !== '' && value >= Number(field.min) && value <= Number(field.max)) {
      before = field.value;
      return;
    }
    field.value = before;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    window.yinjuAlarm([[field.min, field.max, before].reduce((said, one) => said.replace('{}', one), BOUNDS)]);
  }, true);
  return [];
}
