'use strict';
const all = (what, within = document) => Array.from(within.querySelectorAll(what));
const scenes = all('.scene');
const find = document.getElementById('find');
const kinds = ['passed', 'failed', 'inconclusive', 'skipped'];
// What a scenario is found by: all but its messages.
const words = new Map(scenes.map(scene => [scene,
  all('summary, .story, .checks', scene).filter(part => !part.closest('.wire'))
    .map(part => part.textContent).join(' ').toLowerCase()]));
const visible = () => scenes.filter(scene => !scene.hidden);

function filter() {
  const wanted = new Set(all('[data-verdict]:checked').map(box => box.dataset.verdict));
  const terms = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const scene of scenes) {
    const has = terms.every(term => words.get(scene).includes(term));
    scene.hidden = !(wanted.has(scene.dataset.verdict) ? has : false);
  }
  const shown = visible();
  const counts = kinds.map(kind =>
    shown.filter(scene => scene.dataset.verdict === kind).length + ' ' + kind);
  document.getElementById('shown').textContent =
    shown.length + ' of ' + scenes.length + ' shown: ' + counts.join(', ');
}

function filterRules() {
  const wanted = new Set(all('[data-rules]:checked').map(box => box.dataset.rules));
  for (const row of all('.rules tbody tr')) row.hidden = !wanted.has(row.className);
}

// A link to what a filter hides shows it again.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.matches('.scene')) {
    if (target.hidden) {
      find.value = '';
      for (const box of all('input[data-verdict]')) box.checked = true;
      filter();
    }
    target.open = true;
    target.querySelector('summary').focus({ preventScroll: true });
  }
  if (target.hidden) {
    for (const box of all('[data-rules]')) box.checked = true;
    filterRules();
  }
  target.scrollIntoView();
}

// Markup in a message is dimmed when it is first looked at.
function light(pre) {
  pre.classList.add('lit');
  const parts = pre.textContent.split(/(\u003c[^>]*>)/);
  pre.textContent = '';
  for (const part of parts) {
    if (!part.startsWith('\u003c')) { pre.append(part); continue; }
    const name = /^(\u003c[/?!]?)([\w.:-]*)([^]*)$/.exec(part);
    for (const [text, dim] of [[name[1], true], [name[2], false], [name[3], true]]) {
      const span = document.createElement('span');
      if (dim) span.className = 't';
      span.textContent = text;
      pre.append(span);
    }
  }
}

function step(list, by) {
  const at = list.findIndex(scene => scene.contains(document.activeElement));
  const next = list[at === -1 ? (by > 0 ? 0 : list.length - 1) : at + by];
  if (!next) return;
  next.querySelector('summary').focus();
  next.scrollIntoView({ block: 'nearest' });
}

function nextFailure() {
  const shown = visible();
  const at = shown.findIndex(scene => scene.contains(document.activeElement));
  const next = shown.slice(at + 1).find(scene => scene.dataset.verdict === 'failed');
  if (!next) return;
  next.querySelector('summary').focus();
  next.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('toggle', event => {
  if (event.target.matches('.x[open]')) all('pre.xml:not(.lit)', event.target).forEach(light);
}, true);
document.addEventListener('keydown', event => {
  if (event.target === find) { if (event.key === 'Escape') find.blur(); return; }
  if ([event.ctrlKey, event.altKey, event.metaKey].includes(true)) return;
  const acts = { '/': () => find.focus(), n: () => step(visible(), 1), p: () => step(visible(), -1),
    f: nextFailure };
  if (!Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
});
for (const box of all('input[data-verdict]')) box.addEventListener('change', filter);
for (const box of all('[data-rules]')) box.addEventListener('change', filterRules);
find.addEventListener('input', filter);
document.getElementById('open').addEventListener('click', () => { for (const one of visible()) one.open = true; });
document.getElementById('close').addEventListener('click', () => { for (const one of scenes) one.open = false; });
addEventListener('hashchange', reveal);

// On paper every scenario that is shown is open, its messages as they are.
let opened = [];
addEventListener('beforeprint', () => {
  opened = visible().filter(scene => !scene.open);
  for (const scene of opened) scene.open = true;
});
addEventListener('afterprint', () => { for (const scene of opened) scene.open = false; });

filter();
reveal();
