import { accessibleAt } from './lib/accessible.mjs';

accessibleAt(768);
