// node build/examples/ladder.js [URL]: plays the exchange from the first byte to a read, and prints its packets.
import { playExchange } from 'sombrero/client';
import { ladder, Recorder } from 'sombrero/viewer';

const [url = 'smb://ann@127.0.0.1:4450/docs/README.md'] = process.argv.slice(2);

const recorder = new Recorder({ role: 'client' }).start();
await playExchange(url, { password: 'secret', dialects: { min: '3.1.1' } });
recorder.stop();
console.log(ladder(recorder));
