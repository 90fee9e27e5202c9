#!/usr/bin/env node
import { publicTitle } from './title.js';

// Before anything else: a password on the command line is for everybody to read in the process list.
const title = publicTitle(process.argv.slice(2));
if (title !== undefined) process.title = title;

// All that start.js needs, in few files: the build makes them of it (tools/pack-cli.mjs).
const packed = '../packed/start.js';
const { start } = (await import(packed)) as typeof import('./start.js');
await start();
