import { DirectoryPathRequest } from './directory-path.js';

/** [MS-CIFS] 2.2.4.1.1 SMB_COM_CREATE_DIRECTORY Request. The response is empty. */
export class CreateDirectoryRequest extends DirectoryPathRequest {}
