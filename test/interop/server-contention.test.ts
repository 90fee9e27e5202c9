import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACCOUNT, type Cleanup, credentials, inReverse, requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { root } from '../root.js';
import { serve } from './serve.js';
import { Talk } from './talk.js';

/** Two smbclients and an impacket client, on one share of one server. */
type Name = 'ann' | 'bob' | 'imp';

/** Performs a command and returns its output; `begin` only starts it. */
interface Contender {
  begin(line: string): void;
  end(): Promise<string>;
}

/** smbclient at its prompt: the output of each command ends with a marker. */
class Smbclient implements Contender {
  readonly #talk: Talk;
  #marks = 0;
  #read = 0;

  constructor(t: Cleanup, port: number, share: string) {
    const args = [`//127.0.0.1/${share}`, '--configfile=/dev/null', '-p', String(port), '-U', credentials()];
    this.#talk = new Talk(t, 'smbclient', args);
  }

  begin(line: string): void {
    this.#marks++;
    this.#talk.say(`${line}\n!echo mark-${this.#marks}-`);
  }

  async end(): Promise<string> {
    const mark = `mark-${this.#marks}-`;
    const { index } = await this.#talk.hears(new RegExp(`${mark}\\n`));
    const said = this.#talk.output.slice(this.#read, index);
    this.#read = index + mark.length + 1;
    return normal(said);
  }
}

// Removes the prompt, the greeting, and whatever differs from run to run.
function normal(said: string): string {
  const lines = said.replaceAll(/smb: [^>]*> /g, '').split('\n');
  const kept = lines.filter((line) => line.trim() !== '' && !line.startsWith('Try "help"'));
  const alike = (line: string): string =>
    line.replace(/\([\d.]+ [kK].*$|\w{3} \w{3} [ \d]{2} [\d:]{8} \d{4}|\d+ blocks .*$/, '');
  return kept.map((line) => alike(line).trim()).join(' | ');
}

/** impacket, driven by `contender.py`. */
class Impacket implements Contender {
  readonly #talk: Talk;
  #answers = 0;

  constructor(t: Cleanup, port: number, share: string) {
    const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
    const script = join(root, 'test/interop/contender.py');
    this.#talk = new Talk(t, python, [script, String(port), share, ACCOUNT.user, ACCOUNT.password]);
  }

  begin(line: string): void {
    this.#answers++;
    this.#talk.say(line);
  }

  async end(): Promise<string> {
    const found = await this.#talk.hears(
      new RegExp(`(?:^= [^\\n]*\\n[^]*?){${this.#answers - 1}}^= ([^\\n]*)\\n`, 'm'),
    );
    return found[1] as string;
  }
}

const RWD = '7';
const READ = 'c0000000';

/**
 * The commands, as `who: line`. With a leading `&` the command is only started; `who: …` alone waits for its end. They
 * run in the order of the lines, so that timing does not matter.
 */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  'deny modes': [
    'ann: put FILE shared',
    `imp: open all shared ${READ} ${RWD} 1`,
    'bob: get shared /dev/null',
    'bob: put FILE shared',
    'imp: close all',
    // Denies writing to others.
    `imp: open deny shared ${READ} 1 1`,
    'ann: get shared /dev/null',
    'ann: open shared',
    'ann: close 1',
    'ann: put FILE shared',
    'bob: del shared',
    'bob: rename shared other',
    'bob: setmode shared +h',
    'imp: close deny',
    // Denies everything to others.
    `imp: open none shared ${READ} 0 1`,
    'ann: get shared /dev/null',
    'ann: allinfo nothing',
    `imp: open second shared ${READ} 7 1`,
    `imp: open attributes shared 80 7 1`,
    'imp: close attributes',
    'imp: close none',
    'bob: get shared /dev/null',
    'bob: del shared',
    'ann: get shared /dev/null',
  ],
  'byte-range locks': [
    'ann: put FILE locked',
    `imp: open one locked ${READ} ${RWD} 1`,
    `imp: open two locked ${READ} ${RWD} 1`,
    'imp: lock one 0 4 exclusive',
    'imp: lock two 0 4 shared',
    'imp: lock two 3 1 exclusive',
    'imp: lock two 4 4 exclusive',
    'imp: read two 0 4',
    'imp: write two 0 no',
    'imp: read one 0 4',
    'imp: write one 4 no',
    'bob: get locked /dev/null',
    'bob: put FILE locked',
    'imp: lock one 4 4 unlock',
    'imp: lock two 4 4 unlock',
    'imp: lock one 0 4 unlock',
    'imp: lock one 0 8 shared',
    'imp: lock two 0 8 shared',
    'imp: lock two 0 8 exclusive',
    'imp: write one 0 no',
    'bob: get locked /dev/null',
    'imp: close one',
    'imp: write two 0 no',
    'imp: lock two 0 8 unlock',
    'imp: write two 0 yes',
    // The largest offset, an empty range, and a range that wraps around.
    'imp: lock two fffffffffffffffe 1 exclusive',
    'imp: lock two ffffffffffffffff 1 exclusive',
    'imp: lock two ffffffffffffffff 2 exclusive',
    'imp: lock two 10 0 exclusive',
    'imp: lock two 10 0 exclusive',
    'imp: close two',
    'ann: del locked',
  ],
  deletes: [
    'ann: put FILE doomed',
    `imp: open holder doomed c0010000 ${RWD} 1`,
    'bob: del doomed',
    'bob: get doomed /dev/null',
    'ann: put FILE doomed',
    'ann: ls doomed',
    'imp: read holder 0 4',
    'imp: doom holder 0',
    'ann: get doomed /dev/null',
    'imp: doom holder 1',
    `imp: open late doomed ${READ} ${RWD} 1`,
    `imp: open late doomed ${READ} ${RWD} 3`,
    'imp: close holder',
    'ann: get doomed /dev/null',
    'ann: mkdir folder',
    'ann: put FILE folder/inside',
    'bob: rmdir folder',
    'bob: del folder/inside',
    'bob: rmdir folder',
    // Delete on close while others have the file open.
    'ann: put FILE doomed',
    `imp: open holder doomed c0010000 ${RWD} 1 1000`,
    `imp: open other doomed ${READ} 3 1`,
    `imp: open other doomed ${READ} ${RWD} 1`,
    'imp: close holder',
    'ann: get doomed /dev/null',
    'imp: read other 0 4',
    'imp: close other',
    'ann: get doomed /dev/null',
  ],
  renames: [
    'ann: put FILE old',
    'ann: put FILE taken',
    `imp: open keeps old ${READ} 3 1`,
    'bob: rename old new',
    'imp: close keeps',
    `imp: open lets old c0010000 ${RWD} 1`,
    'bob: rename old new',
    'bob: get old /dev/null',
    'imp: read lets 0 4',
    'imp: rename lets taken',
    'imp: rename lets newer',
    'ann: get newer /dev/null',
    'imp: close lets',
    'ann: mkdir folder',
    'ann: put FILE folder/inside',
    `imp: open inside folder\\inside ${READ} ${RWD} 1`,
    'bob: rename folder moved',
    'imp: close inside',
    'bob: rename folder moved',
    'ann: get moved/inside /dev/null',
    'ann: del moved/inside',
    'ann: rmdir moved',
    'ann: del newer',
    'ann: del taken',
  ],
  oplocks: [
    'ann: put FILE cached',
    `imp: open batch cached ${READ} ${RWD} 1 0 oplock=9`,
    '&bob: get cached /dev/null',
    'imp: break',
    'imp: acknowledge 1',
    'bob:',
    '&bob: put FILE cached',
    'imp: break',
    'bob:',
    'imp: close batch',
    `imp: open exclusive cached ${READ} ${RWD} 1 0 oplock=8`,
    '&ann: del cached',
    'imp: break',
    'imp: acknowledge 0',
    'ann:',
    'imp: close exclusive',
    'ann: put FILE cached',
    // A batch oplock is given up to resolve a sharing violation.
    `imp: open batch cached ${READ} 0 1 0 oplock=9`,
    '&bob: get cached /dev/null',
    'imp: break',
    'imp: close batch',
    'bob:',
    'ann: del cached',
  ],
  leases: [
    'ann: put FILE leased',
    `imp: open full leased ${READ} ${RWD} 1 0 lease=K:7`,
    '&bob: get leased /dev/null',
    'imp: break',
    'imp: acknowledge 3',
    'bob:',
    `imp: open same leased ${READ} ${RWD} 1 0 lease=K:7`,
    `imp: send open other leased ${READ} ${RWD} 1 0 lease=L:7`,
    'imp: break',
    'imp: acknowledge 3',
    'imp: answer',
    'imp: close other',
    '&ann: put FILE leased',
    'imp: break',
    'imp: acknowledge 0',
    'ann:',
    'imp: close full',
    'imp: close same',
    // A handle may or may not be closed to let another one in. (A delete or rename that gets in this way breaks its
    // lease on Windows and here, but not on smbd.)
    `imp: open handle leased ${READ} 0 1 0 lease=M:3`,
    '&bob: get leased /dev/null',
    'imp: break',
    'imp: acknowledge 1',
    'bob:',
    'imp: close handle',
    `imp: open handle leased ${READ} 0 1 0 lease=O:3`,
    '&bob: get leased /dev/null',
    'imp: break',
    'imp: close handle',
    'bob:',
    `imp: open handle leased ${READ} 3 1 0 lease=N:3`,
    '&bob: rename leased moved',
    'imp: break',
    'imp: close handle',
    'bob:',
    'ann: del moved',
  ],
};

/** Plays a script on a server; returns who did what, and the results. */
async function play(t: Cleanup, script: readonly string[], port: number, share: string): Promise<string[]> {
  const cleanup = inReverse(t);
  const file = join(root, 'package.json');
  const contenders: Record<Name, Contender> = {
    ann: new Smbclient(cleanup, port, share),
    bob: new Smbclient(cleanup, port, share),
    imp: new Impacket(cleanup, port, share),
  };
  const story: string[] = [];
  for (const step of script) {
    const [, only, who, line] = /^(&?)(\w+): ?(.*)$/.exec(step) ?? [];
    const contender = contenders[who as Name];
    if (line) contender.begin(line.replace('FILE', file));
    if (only) continue;
    const said = (await contender.end()).replaceAll(file, 'FILE');
    story.push(`${step}  →  ${said}`);
  }
  return story;
}

/** smbd settings: locks and leases are known to smbd alone, and a directory with open files in it cannot be renamed. */
const ALONE = ['strict rename = yes', 'kernel share modes = no', 'posix locking = no', 'kernel change notify = no'];

for (const [name, script] of Object.entries(SCRIPTS)) {
  test(`three clients contend as with smbd: ${name}`, async (t) => {
    if (!requirePeer(t, 'smbd', 'smbclient', 'impacket')) return;
    const smbd = await startSmbd(t, { global: ALONE });
    const theirs = await play(t, script, smbd.port, 'share');
    const served = await serve(t);
    assert.deepEqual(await play(t, script, served.port, 'local'), theirs);
    assert.ok(theirs.length > 15 && theirs.some((line) => line.includes('OK')), theirs.join('\n'));
  });
}
