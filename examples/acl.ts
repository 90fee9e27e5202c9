// node build/examples/acl.js [URL]: who may do what with a file, as objects and as SDDL.
import { connect } from 'sombrero/client';

const [url = 'smb://ann@127.0.0.1:4450/scratch'] = process.argv.slice(2);

const share = await connect(url, { password: 'secret' });
await share.writeFile('plan.txt', 'secret plan');
const { owner } = await share.acl('plan.txt');

await share.setAcl('plan.txt', {
  isProtected: true,
  entries: [
    { kind: 'allow', sid: owner, rights: 'full' },
    { kind: 'allow', sid: 'S-1-1-0', rights: 'read' },
  ],
});
for (const { kind, rights } of (await share.acl('plan.txt')).entries ?? []) console.log(kind, rights.toString(16));

await share.setAcl('plan.txt', 'D:P(A;;FA;;;WD)');
console.log((await share.acl('plan.txt')).sddl.replace(/^.*D:/, 'D:'));

await share.writeFile('plan.txt:notes', 'in a named stream');
console.log(await share.namedStreams('plan.txt'));
await share.close();
