// Does studies in a worker.

import { serve } from './study-worker.js';

serve();
