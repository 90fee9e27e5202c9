import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NtStatus } from '../erref/nt-status.js';
import { DOS_ERROR_NAMES, dosError, dosErrorOf, isDosError, statusOfDos } from './dos-errors.js';
import { dosDateTimeFromMs, msFromDosDateTime, msFromUtime, utimeFromMs } from './dos-time.js';

test('every status has a DOS error that is one, and success stays success', () => {
  for (const status of Object.values(NtStatus)) {
    const dos = dosErrorOf(status);
    if (status === NtStatus.Success) assert.equal(dos, 0);
    else assert.ok(isDosError(dos), status.toString(16));
  }
});

test('codes and what they mean', () => {
  assert.equal(dosErrorOf(NtStatus.AccessDenied), dosError(1, 5));
  assert.equal(dosErrorOf(NtStatus.BadNetworkName), dosError(2, 6));
  assert.equal(statusOfDos(dosError(1, 2)), NtStatus.ObjectNameNotFound);
  assert.equal(statusOfDos(dosError(1, 18)), NtStatus.NoMoreFiles);
  assert.equal(statusOfDos(dosError(1, 0x7777)), dosError(1, 0x7777));
  assert.equal(DOS_ERROR_NAMES[dosError(2, 5)], 'ERRSRV/ERRinvtid');
  assert.equal(isDosError(NtStatus.Pending), false);
});

test('dates of DOS', () => {
  const ms = Date.UTC(2020, 1, 29, 13, 37, 42);
  const { date, time } = dosDateTimeFromMs(ms);
  assert.equal(date, (40 << 9) | (2 << 5) | 29);
  assert.equal(time, (13 << 11) | (37 << 5) | 21);
  assert.equal(msFromDosDateTime(date, time), ms);
  const west = dosDateTimeFromMs(ms, 300);
  assert.equal(msFromDosDateTime(west.date, west.time, 300), ms);
  assert.equal(msFromDosDateTime(0, 0), undefined);
  assert.equal(msFromDosDateTime(...(Object.values(dosDateTimeFromMs(0)) as [number, number])), Date.UTC(1980, 0, 1));
  assert.deepEqual(dosDateTimeFromMs(Number.NaN), { date: 0, time: 0 });
});

test('UTIME', () => {
  const ms = Date.UTC(2020, 1, 29, 13, 37, 42);
  assert.equal(utimeFromMs(ms, -60), ms / 1000 + 3600);
  assert.equal(msFromUtime(utimeFromMs(ms, -60), -60), ms);
  assert.equal(msFromUtime(0), undefined);
  assert.equal(msFromUtime(0xffffffff), undefined);
});
