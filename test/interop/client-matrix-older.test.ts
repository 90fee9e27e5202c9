import { judgedRows } from './client-matrix.js';

judgedRows((dialect) => dialect !== '3.1.1');
