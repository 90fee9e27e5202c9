import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { classicExchange } from './classic.test.samples.js';
import { embedded, escaped, exchangeHtml } from './html.js';
import { Recorder } from './model.js';
import { SCRIPT } from './page.js';

function page(): string {
  const recorder = new Recorder();
  for (const event of classicExchange()) recorder.add(event);
  return exchangeHtml(recorder);
}

test('the page has the ladder, needs nothing from elsewhere, and escapes what peers sent', () => {
  const html = page();
  assert.match(html, /^<!doctype html>/);
  assert.equal(html.match(/<button type="button" class="packet/g)?.length, 12);
  assert.ok(html.includes('\\a&lt;b&gt;.txt'));
  assert.ok(!html.includes('a<b>.txt'));
  assert.doesNotMatch(html, /(?:src|href)=|url\(|@import|https?:/);
  assert.match(html, /default-src 'none'/);
});

test('the data of the page read back', () => {
  const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page())?.[1] ?? '';
  const { packets } = JSON.parse(data) as { packets: { messages: { facts: { name?: string } }[] }[] };
  assert.equal(packets[8]?.messages[0]?.facts.name, '\\a<b>.txt');
});

test('text and data cannot break out of where they stand', () => {
  assert.equal(escaped(`<img src=x onerror="a('b')">&`), '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;');
  const hostile = { text: '</script><script>alert(1)</script><!--\u2028' };
  assert.doesNotMatch(embedded(hostile), /[<>\u2028]/);
  assert.deepEqual(JSON.parse(embedded(hostile)), hostile);
});

test('the script of the page is one', () => {
  assert.ok(new Script(SCRIPT));
  assert.doesNotMatch(SCRIPT, /innerHTML|document\.write|insertAdjacentHTML/);
});
