import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ConnectOptions, connect, errnoCode, hintFor, type SmbError } from '#client/index.js';
import { ACCOUNT, requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import {
  GlobalCap,
  type NegotiateRequest,
  type NegotiateResponse,
  SecurityMode,
} from '#wire/smb2/command/negotiate.js';
import { SessionFlags, type SessionSetupResponse } from '#wire/smb2/command/session-setup.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import { EncryptionCapabilities } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { SigningAlgorithm, SigningCapabilities } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import { altered, type Meddle, message, type Passing, standBetween } from './man-between.js';
import { serve } from './serve.js';

const upTo = (max: '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1'): ConnectOptions => ({ dialects: { max } });

/** Changes the client's NEGOTIATE request. */
const asking =
  (change: (body: NegotiateRequest) => void): Meddle =>
  (passing) =>
    passing.fromClient && passing.header?.command === Command.Negotiate
      ? altered<NegotiateRequest>(passing, 0, change)
      : undefined;

/** Changes the server's response to it. */
const answering =
  (change: (body: NegotiateResponse) => void): Meddle =>
  (passing) =>
    !passing.fromClient && passing.header?.command === Command.Negotiate
      ? altered<NegotiateResponse>(passing, 0, change)
      : undefined;

const without = (...dialects: number[]): Meddle =>
  asking((body) => {
    body.dialects = body.dialects.filter((dialect) => !dialects.includes(dialect));
    if (dialects.includes(Dialect.Smb311)) body.negotiateContexts = [];
  });

/** Replaces the server's confirmation of the negotiation. */
const confirming =
  (answer: (passing: Passing, header: Smb2Header) => ReturnType<Meddle>): Meddle =>
  (passing) =>
    !passing.fromClient && passing.header?.command === Command.Ioctl ? answer(passing, passing.header) : undefined;

const refusing = (status: number): Meddle =>
  confirming((_passing, asked) => {
    const header = Object.assign(new Smb2Header(), asked, { status, flags: HeaderFlags.ServerToRedir });
    header.signature = new Uint8Array(16);
    return message(header, new ErrorResponse(status), Dialect.Smb302);
  });

const TAMPERED: readonly string[] = ['SMB_NEGOTIATION_TAMPERED'];
const UNPROVEN: readonly string[] = ['SMB_BAD_SIGNATURE', 'STATUS_ACCESS_DENIED', 'SMB_CONNECTION_LOST'];

interface Attack {
  readonly meddle: Meddle;
  readonly options?: ConnectOptions;
  /** Codes that the error may have. */
  readonly codes: readonly string[];
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  'no 3.1.1': { meddle: without(Dialect.Smb311), codes: TAMPERED },
  'nothing but 2.0.2': {
    meddle: without(Dialect.Smb210, Dialect.Smb300, Dialect.Smb302, Dialect.Smb311),
    codes: TAMPERED,
  },
  'nothing but 2.0.2, of a client that only signs where it must': {
    meddle: without(Dialect.Smb210, Dialect.Smb300, Dialect.Smb302, Dialect.Smb311),
    options: { signing: 'enabled' },
    codes: TAMPERED,
  },
  'the client does not know encryption': {
    meddle: asking((body) => {
      body.capabilities &= ~GlobalCap.Encryption;
    }),
    options: upTo('3.0.2'),
    codes: TAMPERED,
  },
  'the server does not know encryption': {
    meddle: answering((body) => {
      body.capabilities &= ~GlobalCap.Encryption;
    }),
    options: upTo('3.0.2'),
    codes: TAMPERED,
  },
  'the client need not sign': {
    meddle: asking((body) => {
      body.securityMode = SecurityMode.SigningEnabled;
    }),
    options: upTo('3.0'),
    codes: TAMPERED,
  },
  'another dialect of the server': {
    meddle: answering((body) => {
      body.dialectRevision = Dialect.Smb300;
    }),
    options: upTo('3.0.2'),
    codes: [...TAMPERED, ...UNPROVEN],
  },
  'a refusal to confirm, without a signature': {
    meddle: refusing(NtStatus.NotSupported),
    options: upTo('3.0.2'),
    codes: ['SMB_BAD_SIGNATURE'],
  },
  'no word on it': { meddle: confirming(() => 'cut'), options: upTo('3.0.2'), codes: TAMPERED },
  'no ciphers at 3.1.1': {
    meddle: asking((body) => {
      body.negotiateContexts = body.negotiateContexts.filter(({ data }) => !(data instanceof EncryptionCapabilities));
    }),
    codes: UNPROVEN,
  },
  'another signing algorithm at 3.1.1': {
    meddle: answering((body) => {
      for (const { data } of body.negotiateContexts) {
        if (data instanceof SigningCapabilities) data.signingAlgorithms = [SigningAlgorithm.HmacSha256];
      }
    }),
    codes: UNPROVEN,
  },
  'the server need not sign, at 3.1.1': {
    meddle: answering((body) => {
      body.securityMode = 0;
    }),
    codes: UNPROVEN,
  },
  'we are guests': {
    meddle: (passing) => {
      const { header } = passing;
      if (passing.fromClient || header?.command !== Command.SessionSetup || header.status !== 0) return undefined;
      return altered<SessionSetupResponse>(passing, Dialect.Smb311, (body) => {
        body.sessionFlags |= SessionFlags.IsGuest;
      });
    },
    codes: ['STATUS_LOGON_FAILURE'],
  },
  'we are nobody': {
    meddle: (passing) => {
      const { header } = passing;
      if (passing.fromClient || header?.command !== Command.SessionSetup || header.status !== 0) return undefined;
      return altered<SessionSetupResponse>(passing, Dialect.Smb311, (body) => {
        body.sessionFlags |= SessionFlags.IsNull;
      });
    },
    codes: ['STATUS_LOGON_FAILURE'],
  },
};

async function attacked(t: TestContext, port: number, share: string): Promise<void> {
  for (const [name, { meddle, options, codes }] of Object.entries(ATTACKS)) {
    await t.test(name, async (t) => {
      const between = await standBetween(t, port, meddle);
      const url = `smb://${ACCOUNT.user}:${encodeURIComponent(ACCOUNT.password)}@127.0.0.1:${between}/${share}`;
      const outcome = await connect(url, { timeoutMs: 5000, ...options }).then(
        async (share) => {
          await share.close();
          return undefined;
        },
        (error: SmbError) => error,
      );
      assert.ok(outcome, 'a connection came about');
      assert.ok(codes.includes(outcome.code), `${outcome.code}: ${outcome.message}`);
      assert.ok(
        errnoCode(outcome) !== undefined && (hintFor(outcome) || outcome.message.endsWith(')')),
        outcome.message,
      );
    });
  }
}

test('whoever talks us down is found out, in front of our server', async (t) => {
  const { port } = await serve(t);
  await attacked(t, port, 'memory');
});

test('whoever talks us down is found out, in front of smbd', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port } = await startSmbd(t);
  await attacked(t, port, 'share');
});

test('who does nothing is not found out', async (t) => {
  const { port } = await serve(t);
  for (const options of [{}, upTo('3.0.2'), upTo('2.0.2')]) {
    const between = await standBetween(t, port, () => undefined);
    const url = `smb://${ACCOUNT.user}:${encodeURIComponent(ACCOUNT.password)}@127.0.0.1:${between}/memory`;
    const share = await connect(url, options);
    await share.ping();
    await share.close();
  }
});
