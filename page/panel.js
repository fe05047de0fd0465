// Runs once in each HTML panel of the page (Gradio gives element, trigger, watch). It turns clicks on our own
// buttons into events and scrolls to what matters. Text of users and documents reaches it as text only.

const EVENTS = ['cite', 'hit', 'redo', 'edit', 'rephrase', 'ask', 'verdict', 'open', 'remove', 'resume', 'rename', 'name', 'unname', 'save', 'period', 'picture'];

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const label = button.dataset.label || button.textContent;
  button.dataset.label = label;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 1500);
}

function arm(button) {
  const label = button.textContent;
  button.dataset.armed = '1';
  button.textContent = button.dataset.sure;
  setTimeout(() => { delete button.dataset.armed; button.textContent = label; }, 4000);
}

function show(wanted) {
  const view = element.querySelector(`[data-pane="${wanted}"]`) ? wanted : 'restored';
  element.dataset.view = view;
  for (const pane of element.querySelectorAll('[data-pane]')) pane.hidden = pane.dataset.pane !== view;
  for (const button of element.querySelectorAll('[data-view], [data-pane-of]'))
    button.setAttribute('aria-pressed', String((button.dataset.view || button.dataset.paneOf) === view));
  const scroller = element.querySelector('.views');
  const mark = element.querySelector(`[data-pane="${view}"] mark`);
  if (scroller && !mark) scroller.scrollTop = 0;
  if (!scroller || !mark) return;
  const top = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  scroller.scrollTop = Math.max(0, top - scroller.clientHeight / 4);
}

function close() {
  const sheet = getComputedStyle(element.querySelector('.source')).position === 'fixed';
  element.dataset.closed = '1';
  if (!sheet) return; // beside the answer nothing was covered
  const opener = window.yinjuOpener;
  if (opener && opener.isConnected && opener.offsetParent) opener.focus();
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button || !element.contains(button)) return;
  if (button.dataset.copy !== undefined) return void copy(button);
  if (button.dataset.view) return void show(button.dataset.view);
  if (button.dataset.close) return void close();
  if (button.dataset.dismiss) return void button.closest('.note').remove();
  if (!EVENTS.includes(button.dataset.act)) return;
  if (button.dataset.sure && !button.dataset.armed) return void arm(button);
  if (button.dataset.act === 'picture') element.dataset.view = 'picture';
  if (['cite', 'hit', 'open'].includes(button.dataset.act)) {
    if (!button.closest('.source')) window.yinjuOpener = button;
    document.dispatchEvent(new Event('yinju-open'));
  }
  trigger(button.dataset.act, {
    turn: Number(button.dataset.turn || 0),
    number: Number(button.dataset.number || 0),
    value: button.dataset.value || '',
    question: button.dataset.question || '',
    text: button.closest('.naming')?.querySelector('input').value || '',
  });
});

element.addEventListener('keydown', (event) => {
  const naming = event.target.closest('.naming');
  if (!naming || event.isComposing || !event.target.matches('input')) return;
  if (event.key === 'Enter') naming.querySelector('[data-act="name"]').click();
  if (event.key === 'Escape') naming.querySelector('[data-act="unname"]').click();
});

// The field for a name has the focus as soon as it is there; afterwards the button that called for it.
let named = '';
function focusName() {
  const naming = element.querySelector('.naming');
  const button = named && element.querySelector(`[data-act="rename"][data-value="${named}"]`);
  if (naming && naming.dataset.value !== named) naming.querySelector('input').select();
  else if (!naming && button) button.focus();
  named = naming ? naming.dataset.value : '';
}

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing) return;
  const editing = element.querySelector('[data-act="edit"][aria-pressed="true"]');
  if (editing && event.target.closest('#question')) editing.click();
  else if (element.querySelector('.source')) close();
});
document.addEventListener('yinju-open', () => {
  delete element.dataset.closed;
  if (element.querySelector('.source')) show(element.dataset.view || 'restored');
});

let before = '';
watch('value', () => {
  focusName();
  if (element.querySelector('.source')) {
    delete element.dataset.closed;
    show(element.dataset.view || 'restored');
    if (element.dataset.view === 'picture') element.dataset.view = 'restored';
  }
  const turns = element.querySelectorAll('.thread > .turn');
  const state = `${turns.length}:${element.querySelectorAll('.working, .suggestions, .note').length}`;
  if (turns.length && state !== before) {
    const scroller = element.closest('#thread');
    const last = turns[turns.length - 1];
    if (scroller) scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
  }
  before = state;
});
