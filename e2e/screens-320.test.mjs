import { accessibleAt } from './lib/accessible.mjs';

accessibleAt(320);
