import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The packages that people use today. */
export const PACKAGES = ['@marsaud/smb2', '@awo00/smb2', 'v9u-smb2', 'samba-client'] as const;

/** Settings that let the older packages get along with smbd. */
export const OBLIGING: readonly string[] = ['ntlm auth = ntlmv1-permitted', 'aio read size = 0', 'aio write size = 0'];

/** Installs the packages in a separate folder, outside our dependencies. Returns the folder. */
export function install(below: string = tmpdir()): string {
  const folder = mkdtempSync(join(below, 'bench-packages-'));
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
  execFileSync('npm', ['install', ...flags, ...PACKAGES], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

export function load(folder: string, name: string): unknown {
  return createRequire(join(folder, 'package.json'))(name);
}

export interface PackageFacts {
  readonly version: string;
  readonly types: boolean;
}

export function factsOf(folder: string, name: string): PackageFacts {
  const { version, types, typings } = JSON.parse(
    readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'),
  ) as { version: string; types?: string; typings?: string };
  return { version, types: (types ?? typings) !== undefined };
}

/** When the registry says the version was published; undefined if it does not say. */
export function publishedOn(name: string, version: string): string | undefined {
  const text = execFileSync('npm', ['view', name, 'time', '--json'], { encoding: 'utf8' });
  return (JSON.parse(text) as Record<string, string>)[version]?.slice(0, 10);
}
