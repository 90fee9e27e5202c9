import { levelUnion, ServerRequest } from '../messages.js';
import type { Ndr } from '../ndr.js';
import { PlatformId, platformIdNames } from '../srvsvc/server-info.js';
import { NetrStatusResponse } from '../srvsvc/single.js';

const LEVELS: readonly number[] = [100, 101, 102, 502];

/** Whether `WkstaInfo` supports the level. */
export function isWkstaLevel(level: number): boolean {
  return LEVELS.includes(level);
}

/** [MS-WKST] 2.2.5.4 WKSTA_INFO_502: the redirector's settings, in order. */
const SETTINGS = [
  'char_wait',
  'collection_time',
  'maximum_collection_count',
  'keep_conn',
  'max_cmds',
  'sess_timeout',
  'siz_char_buf',
  'max_threads',
  'lock_quota',
  'lock_increment',
  'lock_maximum',
  'pipe_increment',
  'pipe_maximum',
  'cache_file_timeout',
  'dormant_file_limit',
  'read_ahead_throughput',
  'num_mailslot_buffers',
  'num_srv_announce_buffers',
  'max_illegal_datagram_events',
  'illegal_datagram_event_reset_frequency',
  'log_election_packets',
  'use_opportunistic_locking',
  'use_unlock_behind',
  'use_close_behind',
  'buf_named_pipes',
  'use_lock_read_unlock',
  'utilize_nt_caching',
  'use_raw_read',
  'use_raw_write',
  'use_write_raw_data',
  'use_encryption',
  'buf_files_deny_write',
  'buf_read_only_files',
  'force_core_create_mode',
  'use_512_byte_max_transfer',
] as const;

/** [MS-WKST] 2.2.5.1 to 2.2.5.4 WKSTA_INFO_100, _101, _102 and _502: the level determines the fields. */
export class WkstaInfo {
  platformId: number = PlatformId.Nt;
  computerName: string | null = null;
  lanGroup: string | null = null;
  verMajor = 0;
  verMinor = 0;
  lanRoot: string | null = null;
  loggedOnUsers = 0;
  /** For level 502, in the order of the specification. */
  settings: number[] = SETTINGS.map(() => 0);

  fields(ndr: Ndr, level: number): void {
    if (level === 502) {
      this.settings = SETTINGS.map((name, i) => ndr.u32(`wki502_${name}`, this.settings[i] ?? 0));
      return;
    }
    const label = `wki${level}`;
    this.platformId = ndr.u32(`${label}_platform_id`, this.platformId, platformIdNames);
    ndr.stringPointer(`${label}_computername`, this.computerName, (v) => {
      this.computerName = v;
    });
    ndr.stringPointer(`${label}_langroup`, this.lanGroup, (v) => {
      this.lanGroup = v;
    });
    this.verMajor = ndr.u32(`${label}_ver_major`, this.verMajor);
    this.verMinor = ndr.u32(`${label}_ver_minor`, this.verMinor);
    if (level === 100) return;
    ndr.stringPointer(`${label}_lanroot`, this.lanRoot, (v) => {
      this.lanRoot = v;
    });
    if (level === 102) this.loggedOnUsers = ndr.u32('wki102_logged_on_users', this.loggedOnUsers);
  }
}

/** [MS-WKST] 3.2.4.1 NetrWkstaGetInfo (opnum 0). */
export class NetrWkstaGetInfoRequest extends ServerRequest {
  level = 100;

  protected override fields(ndr: Ndr): void {
    this.level = ndr.u32('Level', this.level);
  }
}
export class NetrWkstaGetInfoResponse extends NetrStatusResponse {
  level = 100;
  info: WkstaInfo | null = null;

  protected override fields(ndr: Ndr): void {
    Object.assign(
      this,
      levelUnion(ndr, this.level, LEVELS, this.info, () => new WkstaInfo()),
    );
  }
}
