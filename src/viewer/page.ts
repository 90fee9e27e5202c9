/** The style sheet of the page. */
export const STYLE = `
:root{color-scheme:light dark;--fg:#1a1d21;--bg:#fff;--soft:#f3f5f7;--line:#d8dde3;--dim:#66707c;--client:#0b63c5;--server:#0a7a4b;--bad:#b3261e;--mark:#ffe08a;--mark-fg:#1a1d21}
@media(prefers-color-scheme:dark){:root{--fg:#e4e7ea;--bg:#14171a;--soft:#1d2125;--line:#343a41;--dim:#98a2ad;--client:#6cb0ff;--server:#5fd09b;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.45 system-ui,sans-serif;color:var(--fg);background:var(--bg)}
header,main,footer{max-width:84rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.35rem;margin:1.2rem 0 .2rem}
p{margin:.2rem 0}.dim,footer{color:var(--dim)}
main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.2rem;align-items:start;padding-top:1rem;padding-bottom:2rem}
@media(max-width:60rem){main{grid-template-columns:minmax(0,1fr)}.detail{position:static!important;max-height:none!important}}
ol{list-style:none;margin:0;padding:0}
.ends{display:flex;justify-content:space-between;padding:0 .6rem .3rem;font-weight:600}
button.packet{display:grid;grid-template-columns:2rem 5.2rem minmax(0,1fr);gap:.1rem .5rem;width:100%;text-align:left;font:inherit;color:inherit;background:none;border:1px solid transparent;border-radius:.4rem;padding:.35rem .6rem;cursor:pointer}
button.packet:hover{background:var(--soft)}
button.packet[aria-pressed=true]{background:var(--soft);border-color:var(--line)}
button.packet:focus-visible{outline:2px solid var(--client)}
.step{font-weight:700;text-align:right}.time{color:var(--dim);text-align:right;font-variant-numeric:tabular-nums}
.arrow{display:block;height:0;border-top:2px solid;margin:.35rem 0 .1rem;position:relative}
.client .arrow{color:var(--client)}.server .arrow{color:var(--server)}
.arrow::after{content:'';position:absolute;top:-6px;border:5px solid transparent}
.client .arrow::after{right:-2px;border-left:8px solid;border-right:0}
.server .arrow::after{left:-2px;border-right:8px solid;border-left:0}
.name{font-weight:600;overflow-wrap:anywhere}.status{font-size:.85em;margin-left:.5rem;color:var(--server)}.status.refused,.malformed{color:var(--bad)}
.facts{font-size:.85em;color:var(--dim);overflow-wrap:anywhere}
.detail{position:sticky;top:0;max-height:100vh;overflow:auto;padding-top:.4rem}
.detail h2{font-size:1.05rem;margin:.4rem 0}
.dump{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre;overflow:auto;max-height:38vh;background:var(--soft);border:1px solid var(--line);border-radius:.4rem;padding:.5rem}
.dump b{font-weight:400;background:var(--mark);color:var(--mark-fg)}
.tree,.tree ul{list-style:none;margin:0;padding:0}.tree ul{padding-left:1rem}
.tree summary,.leaf{padding:.05rem .3rem;border-radius:.2rem;cursor:default;overflow-wrap:anywhere;font-size:.9rem}
.tree .on{background:var(--mark);color:var(--mark-fg)}
.tree .at{color:var(--dim);font-size:.8em;margin-left:.4rem}
`;

/** Script that handles the selection of a packet or field. It inserts text only, never markup. */
export const SCRIPT = `
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const make = (tag, text, kind) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (kind) e.className = kind; return e; };
const detail = document.getElementById('detail');
const bytesOf = hex => { const b = []; for (let i = 0; i < hex.length; i += 2) b.push(parseInt(hex.substr(i, 2), 16)); return b; };
const ROW = 16, MOST = 65536;
function dump(bytes, from, to) {
  const pre = make('div', undefined, 'dump');
  pre.tabIndex = 0;
  const end = Math.min(bytes.length, MOST);
  const first = from === undefined ? -1 : from, last = from === undefined ? -1 : to;
  const run = (cells, glue) => {
    let text = '', on = false;
    const flush = () => { if (text) pre.append(on ? make('b', text) : document.createTextNode(text)); text = ''; };
    cells.forEach(([cell, at], i) => {
      const now = at >= first && at < last;
      if (now !== on) { flush(); on = now; }
      text += cell + (i < cells.length - 1 ? glue : '');
    });
    flush();
  };
  for (let at = 0; at < end; at += ROW) {
    const row = bytes.slice(at, Math.min(at + ROW, end));
    pre.append(at.toString(16).padStart(5, '0') + '  ');
    run(row.map((v, i) => [v.toString(16).padStart(2, '0'), at + i]), ' ');
    pre.append(' '.repeat(Math.max(0, (ROW - row.length) * 3)) + '  ');
    run(row.map((v, i) => [v > 31 && v < 127 ? String.fromCharCode(v) : '.', at + i]), '');
    pre.append('\\n');
  }
  if (bytes.length > end) pre.append('… ' + (bytes.length - end) + ' more bytes');
  return pre;
}
function show(number) {
  const packet = data.packets[number - 1];
  document.querySelectorAll('button.packet').forEach(b => b.setAttribute('aria-pressed', String(b.dataset.number === String(number))));
  detail.replaceChildren(make('h2', 'Packet ' + packet.number + ': ' + packet.name));
  const inner = packet.plainHex !== null;
  const buffers = { frame: bytesOf(packet.hex), plain: inner ? bytesOf(packet.plainHex) : [] };
  let source = inner ? 'plain' : 'frame';
  const label = make('p', '', 'dim');
  let view = dump(buffers[source]);
  const mark = (which, field) => {
    source = which;
    label.textContent = (which === 'plain' ? 'Decrypted bytes' : 'Bytes on the wire') + (field ? ': ' + field.name + ', ' + field.size + ' bytes at ' + field.at : '');
    const next = field ? dump(buffers[which], field.at, field.at + field.size) : dump(buffers[which]);
    view.replaceWith(next); view = next;
    const found = view.querySelector('b');
    if (found) view.scrollTop = Math.max(0, found.offsetTop - view.offsetTop - 40);
  };
  const tree = make('ul', undefined, 'tree');
  let on;
  const wire = (element, which, field) => {
    const choose = () => { if (on) on.classList.remove('on'); on = element; element.classList.add('on'); mark(which, field); };
    element.addEventListener('click', choose);
    element.addEventListener('focus', choose);
  };
  const leafText = (element, field) => {
    element.append(make('span', field.name), field.text ? ' ' + field.text : '', make('span', ' @' + field.at + ' +' + field.size, 'at'));
  };
  const add = (list, which, field, depth) => {
    const item = make('li');
    if (field.children) {
      const box = make('details'), head = make('summary');
      box.open = depth < 2;
      leafText(head, field); wire(head, which, field);
      const inside = make('ul');
      field.children.forEach(child => add(inside, which, child, depth + 1));
      box.append(head, inside); item.append(box);
    } else {
      const leaf = make('div', undefined, 'leaf');
      leaf.tabIndex = 0;
      leafText(leaf, field); wire(leaf, which, field); item.append(leaf);
    }
    list.append(item);
  };
  packet.frameFields.forEach(field => add(tree, 'frame', field, 0));
  packet.messages.forEach(message => {
    if (message.malformed) tree.append(make('li', 'Malformed: ' + message.malformed, 'malformed'));
    message.fields.forEach(field => add(tree, inner ? 'plain' : 'frame', field, 0));
  });
  detail.append(label, view, tree);
  mark(source);
}
document.querySelectorAll('button.packet').forEach(b => b.addEventListener('click', () => show(Number(b.dataset.number))));
if (data.packets.length) show(1);
`;
