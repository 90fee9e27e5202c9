import { golden } from '#testing/golden.js';
import { FileAction, FileNotifyInformation, FileNotifyList } from './notify.js';

golden(
  FileNotifyList,
  {
    entries: [
      FileNotifyInformation.of(FileAction.RenamedOldName, 'a'),
      FileNotifyInformation.of(FileAction.RenamedNewName, 'd\\b'),
    ],
  },
  '10000000 04000000 02000000 6100 0000 00000000 05000000 06000000 64005c006200',
);
