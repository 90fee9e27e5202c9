import { DirectoryPathRequest } from './directory-path.js';

/** [MS-CIFS] 2.2.4.2.1 SMB_COM_DELETE_DIRECTORY Request. The response is empty. */
export class DeleteDirectoryRequest extends DirectoryPathRequest {}
