import { judgedRows } from './client-matrix.js';

judgedRows((dialect) => dialect === '3.0' || dialect === '3.0.2');
