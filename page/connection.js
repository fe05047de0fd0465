// Runs once when the page is loaded; the words in capitals are filled in. Says so while the program cannot be reached,
// in place of Gradio's own words, and keeps a question that has no answer yet over the reload that Gradio ends that with.

() => {
  let lost = false, everLost = false, checking = false, leaving = false, usual = null;

  function tell() {
    const line = document.querySelector('#status-line');
    document.body.classList.toggle('lost', lost);
    if (!line) return;
    if (lost) usual = [line.dataset.state, line.textContent];
    [line.dataset.state, line.textContent] = lost ? ['bad', LOST] : usual;
  }

  async function check() {
    if (checking || leaving) return;
    checking = true;
    let there = false;
    try {
      there = (await fetch('health', { cache: 'no-store' })).ok;
    } catch { /* not there */ }
    checking = false;
    if (there !== lost || leaving) return;
    lost = !there;
    everLost = everLost || lost;
    tell();
    if (there && pending()) location.reload(); // nobody works on it any more
  }

  const pending = () => document.querySelector('#thread .turn:has(> .working) .asked');

  addEventListener('pagehide', () => {
    leaving = true;
    const box = document.querySelector('#question textarea');
    const text = (box && box.value.trim() && box.value) || (everLost && pending() && pending().textContent);
    if (text) sessionStorage.setItem('yinju-draft', JSON.stringify({ text, ask: false }));
  });
  addEventListener('beforeunload', () => {
    leaving = true;
    setTimeout(() => { leaving = false; }, 5000); // it may stay after all
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) check(); });
  document.addEventListener('keydown', (event) => { if (event.key === 'Enter') check(); }, true);
  document.addEventListener('click', check, true);
  setInterval(() => { if (!document.hidden) check(); }, 3000);
  return [];
}
