import { DirectoryPathRequest } from './directory-path.js';

/** [MS-CIFS] 2.2.4.17.1 SMB_COM_CHECK_DIRECTORY Request. The response is empty. */
export class CheckDirectoryRequest extends DirectoryPathRequest {}
