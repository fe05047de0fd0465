// Runs once when the page is loaded; the words in capitals are filled in. Files and folders dropped anywhere go to
// the box of the open tab that takes files; of a folder the readable files are taken, as `yinju add` does. Files
// over the limit are named and left out before anything is sent.

() => {
  const make = (id, role) => {
    const element = document.createElement('div');
    element.id = id;
    if (role) element.setAttribute('role', role);
    document.body.append(element);
    return element;
  };
  const veil = make('veil'), alarm = make('alarm', 'alert');
  veil.textContent = DROP_HERE;
  window.yinjuAlarm = (lines) => {
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = '×';
    close.className = 'plain';
    close.setAttribute('aria-label', CLOSE);
    close.onclick = () => alarm.replaceChildren();
    alarm.replaceChildren(close, ...lines.map((said) => {
      const line = document.createElement('p');
      line.textContent = said;
      return line;
    }));
  };
  const carries = (event) => [...(event.dataTransfer?.types || [])].includes('Files');
  const cover = (on) => veil.classList.toggle('on', on);
  let leaving = 0;

  function target() {
    const drop = document.querySelector('#drop');
    const box = drop && drop.offsetParent ? drop : document.querySelector('#ask-buttons');
    return box && box.querySelector('input[type=file]');
  }

  function give(input, files) {
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  async function walk(entry, inFolder, found) {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      if (!inFolder || SUFFIXES.some((suffix) => file.name.toLowerCase().endsWith(suffix))) found.push(file);
      return;
    }
    const reader = entry.createReader(), inside = [];
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) break;
      inside.push(...some);
    }
    inside.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const one of inside) if (!one.name.startsWith('.')) await walk(one, true, found);
  }

  document.addEventListener('dragover', (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    cover(true);
    clearTimeout(leaving);
    leaving = setTimeout(cover, 400, false); // a drag that leaves the window says nothing
  }, true);
  document.addEventListener('drop', async (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.stopPropagation();
    cover(false);
    const input = target();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    const files = [...event.dataTransfer.files], found = [];
    for (const entry of entries) if (entry) await walk(entry, false, found);
    if (!found.length && entries.some((entry) => entry && entry.isDirectory)) window.yinjuAlarm([NOTHING]);
    else if (input && (found.length || files.length)) give(input, found.length ? found : files);
  }, true);
  document.addEventListener('change', (event) => {
    const input = event.target;
    const large = input.type === 'file' ? [...input.files].filter((file) => file.size > LIMIT) : [];
    if (!large.length) return;
    event.stopImmediatePropagation();
    window.yinjuAlarm(large.map((file) => TOO_LARGE.replace('{}', file.name)));
    const rest = [...input.files].filter((file) => file.size <= LIMIT);
    input.value = '';
    if (rest.length) give(input, rest);
  }, true);
  return [];
}
