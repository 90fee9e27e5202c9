// node build/examples/watch.js [URL]: reports changes on a share until Ctrl-C.
import { connect } from 'sombrero/client';

const [url = 'smb://ann@127.0.0.1:4450/docs'] = process.argv.slice(2);

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const share = await connect(url, { password: 'secret' });
try {
  for await (const change of share.watch('', { recursive: true, signal: stop.signal })) {
    console.log(change.kind, change.path);
  }
} catch (error) {
  if (!stop.signal.aborted) throw error;
} finally {
  await share.close();
}
