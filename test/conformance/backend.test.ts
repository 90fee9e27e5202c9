import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromNodeFs, localDirectory, memory, readOnly } from '#fs/index.js';
import { backendConformance } from './backend.js';

const temporary = () => fs.mkdtemp(join(tmpdir(), 'sombrero-'));
const removal = (root: string) => () => fs.rm(root, { recursive: true, force: true });

backendConformance('memory', async () => ({ backend: memory(), cleanup: () => {} }));

backendConformance('localDirectory', async () => {
  const root = await temporary();
  return { backend: localDirectory(root), cleanup: removal(root) };
});

backendConformance('localDirectory without native calls', async () => {
  const root = await temporary();
  return { backend: localDirectory(root, { native: false }), cleanup: removal(root) };
});

backendConformance('localDirectory by real paths', async () => {
  const root = await temporary();
  return { backend: localDirectory(root, { containment: 'realpath' }), cleanup: removal(root) };
});

backendConformance('fromNodeFs', async () => {
  const root = await temporary();
  return { backend: fromNodeFs(fs, root), cleanup: removal(root) };
});

backendConformance('readOnly', async () => {
  const fill = memory();
  return { backend: readOnly(fill), fill, cleanup: () => {} };
});
