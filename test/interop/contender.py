"""One contender over impacket: does what it is told, line by line, and answers each line with one line.

contender.py PORT SHARE USER PASSWORD

  open NAME PATH ACCESS SHARE DISPOSITION [OPTIONS] [oplock=LEVEL | lease=KEY:STATE]    numbers in hex; KEY one letter
  close NAME
  lock NAME OFFSET LENGTH shared|exclusive|unlock    never waits
  read NAME OFFSET LENGTH
  write NAME OFFSET TEXT
  rename NAME PATH
  size NAME LENGTH
  doom NAME 0|1        FileDispositionInformation
  send LINE            any of these, without waiting for the answer
  answer               the answer to what was sent
  break                waits for a break, and tells it
  acknowledge STATE    the last break; oplock level or lease state
"""
import struct
import sys

from impacket import smb3structs as smb2
from impacket.smbconnection import SMBConnection

STATUS = {
    0x00000000: 'OK',
    0xC0000011: 'END_OF_FILE',
    0xC0000022: 'ACCESS_DENIED',
    0xC0000034: 'OBJECT_NAME_NOT_FOUND',
    0xC0000035: 'OBJECT_NAME_COLLISION',
    0xC0000043: 'SHARING_VIOLATION',
    0xC0000054: 'FILE_LOCK_CONFLICT',
    0xC0000055: 'LOCK_NOT_GRANTED',
    0xC0000056: 'DELETE_PENDING',
    0xC000007E: 'RANGE_NOT_LOCKED',
    0xC0000121: 'CANNOT_DELETE',
}
UNSOLICITED = 0xFFFFFFFFFFFFFFFF
LOCK_FLAGS = {'shared': 0x01 | 0x10, 'exclusive': 0x02 | 0x10, 'unlock': 0x04}

port, share, user, password = sys.argv[1:5]
connection = SMBConnection('127.0.0.1', '127.0.0.1', sess_port=int(port), preferredDialect=smb2.SMB2_DIALECT_30)
connection.login(user, password)
session = connection._SMBConnection
tree = connection.connectTree(share)
opens = {}
last_break = None
sent = None


class Body:
    """A request's body as bytes, which is all that a packet asks of it."""

    def __init__(self, data):
        self.data = data

    def getData(self):
        return self.data


def request(command, body):
    packet = session.SMB_PACKET()
    packet['Command'] = command
    packet['TreeID'] = tree
    packet['Data'] = body
    return session.sendSMB(packet)


def lease_context(key, state):
    data = struct.pack('<16sLLQ', key.encode() * 16, state, 0, 0)
    return struct.pack('<LHHHHL', 0, 16, 4, 0, 24, len(data)) + b'RqLs' + bytes(4) + data


def open_request(path, access, sharing, disposition, *more):
    options, level, context = 0, 0, b''
    for word in more:
        if word.startswith('oplock='):
            level = int(word[7:], 16)
        elif word.startswith('lease='):
            key, state = word[6:].split(':')
            level, context = 0xFF, lease_context(key, int(state, 16))
        else:
            options = int(word, 16)
    name = path.encode('utf-16le')
    padding = bytes(-len(name) % 8)
    at = 64 + 56 + len(name) + len(padding) if context else 0
    numbers = (57, 0, level, 2, 0, 0, int(access, 16), 0, int(sharing, 16), int(disposition, 16), options)
    head = struct.pack('<HBBLQQLLLLL', *numbers)
    return head + struct.pack('<HHLL', 120, len(name), at, len(context)) + name + padding + context


def opened(data):
    """The FileId, the action, what may be cached."""
    level, action = data[2], struct.unpack_from('<L', data, 4)[0]
    offset, length = struct.unpack_from('<LL', data, 80)
    state = ''
    if length:
        context = data[offset - 64:offset - 64 + length]
        state = ' lease %x' % struct.unpack_from('<L', context, struct.unpack_from('<H', context, 10)[0] + 16)
    return data[64:80], 'action %d level %02x%s' % (action, level, state)


def set_info(file_id, information_class, data):
    return request(smb2.SMB2_SET_INFO, struct.pack('<HBBLHHL', 33, 1, information_class, len(data), 96, 0, 0) + file_id + data)


def begin(words):
    """Sends the request of a line; the message id, and what to make of the answer's body."""
    verb, name, *rest = words
    if verb == 'open':
        def keep(data):
            opens[name], text = opened(data)
            return text
        return request(smb2.SMB2_CREATE, open_request(*rest)), keep
    file_id = opens[name]
    if verb == 'close':
        return request(smb2.SMB2_CLOSE, struct.pack('<HHL', 24, 0, 0) + file_id), lambda data: ''
    if verb == 'lock':
        offset, length, kind = int(rest[0], 16), int(rest[1], 16), LOCK_FLAGS[rest[2]]
        body = struct.pack('<HHL', 48, 1, 0) + file_id + struct.pack('<QQLL', offset, length, kind, 0)
        return request(smb2.SMB2_LOCK, body), lambda data: ''
    if verb == 'read':
        body = struct.pack('<HBBLQ', 49, 0, 0, int(rest[1]), int(rest[0])) + file_id + struct.pack('<LLLHHB', 0, 0, 0, 0, 0, 0)
        def text(data):
            length = struct.unpack_from('<L', data, 4)[0]
            return data[data[2] - 64:data[2] - 64 + length].decode('latin1')
        return request(smb2.SMB2_READ, body), text
    if verb == 'write':
        data = rest[1].encode()
        body = struct.pack('<HHLQ', 49, 112, len(data), int(rest[0])) + file_id + struct.pack('<LLHHL', 0, 0, 0, 0, 0)
        return request(smb2.SMB2_WRITE, body + data), lambda data: ''
    if verb == 'rename':
        path = rest[0].encode('utf-16le')
        return set_info(file_id, 10, struct.pack('<B7xQL', 0, 0, len(path)) + path), lambda data: ''
    if verb == 'size':
        return set_info(file_id, 20, struct.pack('<Q', int(rest[0]))), lambda data: ''
    if verb == 'doom':
        return set_info(file_id, 13, bytes([int(rest[0])])), lambda data: ''
    raise ValueError(verb)


def finish(waiting):
    message_id, read = waiting
    answer = session.recvSMB(message_id)
    status = answer['Status'] & 0xFFFFFFFF
    if status:
        return STATUS.get(status, '%08x' % status)
    return ('OK ' + read(answer['Data'])).strip()


def wait_for_break():
    global last_break
    # impacket counts the credits of a break, which has none, and would use a message id twice.
    window = session._Connection['SequenceWindow']
    data = session.recvSMB(UNSOLICITED)['Data']
    session._Connection['SequenceWindow'] = window
    last_break = data
    if struct.unpack_from('<H', data)[0] == 24:
        return 'oplock to %02x' % data[2]
    _, _, flags, key, now, then = struct.unpack_from('<HHL16sLL', data)
    return 'lease %s from %x to %x%s' % (key[:1].decode(), now, then, ' wants an answer' if flags else '')


def acknowledge(state):
    if struct.unpack_from('<H', last_break)[0] == 24:
        body = struct.pack('<HBBL', 24, int(state, 16), 0, 0) + last_break[8:24]
    else:
        body = struct.pack('<HHL16sLQ', 36, 0, 0, last_break[8:24], int(state, 16), 0)
    return finish((request(smb2.SMB2_OPLOCK_BREAK, body), lambda data: ''))


print('ready')
for line in sys.stdin:
    words = line.split()
    if words[0] == 'send':
        sent = begin(words[1:])
        print('= sent')
    elif words[0] == 'answer':
        print('=', finish(sent))
    elif words[0] == 'break':
        print('=', wait_for_break())
    elif words[0] == 'acknowledge':
        print('=', acknowledge(words[1]))
    else:
        print('=', finish(begin(words)))
