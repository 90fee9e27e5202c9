// node build/examples/dissect.js: names the fields of a packet. Needs no connection, and runs in a browser too.
import { dissect } from 'sombrero/wire';

// An ECHO request as it goes over TCP: 4 bytes of length, 64 of header, 4 of body.
const frame = Uint8Array.from(
  `00000044
   fe534d4240000100000000000d000100000000000000000007000000000000000000000000000000
   000000000000000000000000000000000000000000000000 04000000`.match(/[0-9a-f]{2}/g) ?? [],
  (digits) => Number.parseInt(digits, 16),
);

for (const message of dissect(frame, { framing: 'direct', dialect: 0x0311 }).messages) {
  console.log(message.protocol, message.name, message.direction);
  for (const part of message.fields) {
    console.log(part.name);
    for (const { name, at, size, text } of part.children ?? []) console.log(`  ${at}+${size} ${name}: ${text}`);
  }
}
