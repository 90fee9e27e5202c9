import { judgedRows } from './client-matrix.js';

judgedRows((dialect) => dialect === 'NT1');
