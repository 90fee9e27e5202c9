import { judgedRows } from './client-matrix.js';

judgedRows((dialect) => dialect === '2.0.2' || dialect === '2.1');
