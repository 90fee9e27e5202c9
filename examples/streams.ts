// node build/examples/streams.js FILE [URL]: stores a local file on a share, and reads back its end.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { connect } from 'sombrero/client';

const [file = 'package.json', url = 'smb://ann@127.0.0.1:4450/scratch'] = process.argv.slice(2);

const share = await connect(url, { password: 'secret', encryption: 'required' });
try {
  await pipeline(createReadStream(file), share.createWriteStream('copy'));
  const { size } = await share.stat('copy');
  for await (const chunk of share.createReadStream('copy', { start: Math.max(0, size - 10) })) {
    process.stdout.write(chunk as Uint8Array);
  }
  const { dialect, cipher } = share.info;
  console.log(`\n${size} bytes over SMB ${dialect}, encrypted with ${cipher}`);
} finally {
  await share.close();
}
