// node build/examples/client.js [URL]: writes a file on a share, reads it back, and lists the directory.
import { connect } from 'sombrero/client';

const [url = 'smb://ann@127.0.0.1:4450/scratch'] = process.argv.slice(2);

const share = await connect(url, { password: 'secret' });
try {
  await share.mkdir('letters', { recursive: true });
  await share.writeFile('letters/bob.txt', 'Dear Bob');
  console.log(await share.readFile('letters/bob.txt', 'utf8'));
  for await (const entry of share.readdir('letters')) console.log(entry.name, entry.size);
} finally {
  await share.close();
}
