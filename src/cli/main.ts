#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CodeStore, codePlace } from './code-store.js';
import { Packed } from './packed.js';
import { publicTitle } from './title.js';

// First of all: anybody can read a password on the command line in the process list.
const title = publicTitle(process.argv.slice(2));
if (title !== undefined) process.title = title;

// The build packs all that start.js needs into a few files (tools/pack-cli.mjs); this file is packed as well.
const folder = fileURLToPath(new URL('../packed/', import.meta.url));
const place = codePlace(process.env);
const version = (): string => `${readFileSync(`${folder}VERSION`, 'utf8')}-${process.version}-${process.arch}`;
const packed = new Packed(folder, place === undefined ? undefined : new CodeStore(place, version()));
process.on('exit', () => packed.keep());
void (packed.load('./start.cjs') as typeof import('./start.js')).start();
