import { accessibleAt } from './lib/accessible.mjs';

accessibleAt(1280);
