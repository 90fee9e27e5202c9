/**
 * npm run conformance [-- --draft]: writes docs/conformance.md from the results of runs. Fails if a test does not pass
 * without a reason in reasons.txt, or passes despite one; a draft is written anyway.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../root.js';
import { complaints, conformancePage } from './conformance.js';
import { committedRuns } from './results.js';
import { reasons } from './tests.js';

const found = complaints(committedRuns(), reasons());
for (const complaint of found) console.error(complaint);
const write = found.length === 0 || process.argv.includes('--draft');
if (write) writeFileSync(join(root, 'docs/conformance.md'), conformancePage(committedRuns(), reasons()));
process.exit(write ? 0 : 1);
