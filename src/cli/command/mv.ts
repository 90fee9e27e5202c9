import { UsageError } from '#client/index.js';
import { statIfThere } from '../entries.js';
import { Failure } from '../failure.js';
import { parseCount, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { parseUrl, sameShare } from '../remote.js';
import { NOTHING, Report, type TransferFlags, transferOptions } from '../transfer.js';
import { copy, FROM_TO, fromTo, onEachPair, placeIn } from './cp.js';

interface Flags extends TransferFlags {
  readonly copy?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero mv smb://ann@nas/docs/draft.txt smb://ann@nas/docs/final.txt
  $ sombrero mv 'smb://ann@nas/docs/*.pdf' smb://ann@nas/docs/archive/
  $ sombrero mv --copy smb://ann@nas/inbox/2023 smb://ann@other/archive/2023

Within a share the server renames, in one step. Between shares it cannot: with --copy each file is copied, read back,
compared and put in its place, and only then removed from where it was. That never replaces an existing file, and can be
repeated after an interruption: what has arrived stays, the rest is still where it was.`;

export const mv: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .usage('[options] <from...> <to>')
        .argument('<from...>', FROM_TO)
        .option('-T, --exact', 'the target is the exact place, even if it is an existing directory')
        .option('-n, --no-clobber', 'fail if the target exists')
        .option('--copy', 'between shares: copy, compare, then remove')
        .option('--parallel <n>', 'with --copy: files in flight at a time (default: 16)', parseCount)
        .option('--resume', 'with --copy: continue what was interrupted')
        .option('-v, --verbose', 'with --copy: name each file')
        .option('--no-progress', 'no progress bar on a terminal')
        .option('--json', 'with --copy: print the result as JSON'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (args: string[], flags: Flags) => {
        const { from, to } = fromTo(args);
        if (from.every((url) => sameShare(parseUrl(url), parseUrl(to)))) return rename(from, to, flags, signal);
        if (!flags.copy) throw new UsageError("'mv' works within one share: use --copy, or use 'cp -r', then 'rm -r'");
        return moveByCopy(from, to, flags, signal);
      }),
};

async function rename(from: readonly string[], to: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const report = new Report('mv', { ...flags, progress: false, json: false });
  await report.run(() =>
    onEachPair(from, to, flags, { report, signal }, async (source, target) => {
      const { share, path } = source;
      if (path === '') throw new UsageError(`${share.name} is the share itself, which cannot be moved`);
      const exact = flags.exact || target.exact || target.path.toLowerCase() === path.toLowerCase();
      const place = exact ? target.path : await placeIn(source, target, signal);
      if (place.toLowerCase().startsWith(`${path.toLowerCase()}/`))
        throw new Failure(`${place} lies in ${path} itself`);
      await share.rename(path, place, { replace: flags.clobber, signal });
      report.add({ ...NOTHING, files: 1 });
    }),
  );
}

async function moveByCopy(from: readonly string[], to: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const report = new Report('mv', flags);
  // Nothing is removed from the source before its copy has been read back and is safely on disk.
  const options = {
    ...transferOptions({ ...flags, times: true }, report, signal),
    existing: 'keep' as const,
    preserve: true,
    verify: true,
    move: true,
  };
  await report.run(() =>
    onEachPair(from, to, flags, { report, signal }, async (source, target) => {
      if (source.path === '') throw new UsageError(`${source.share.name} is the share itself, which cannot be moved`);
      const place = flags.exact || target.exact ? target.path : await placeIn(source, target, signal);
      // What exists at the target may be the source itself, under another share name.
      if (!flags.resume && (await statIfThere(target.share, place, signal))) {
        throw new Failure(`${parseUrl(to)}: ${place} is there already`);
      }
      await copy(source, { ...target, path: place }, { recursive: true, exact: true }, options);
    }),
  );
}
