// Does studies in a worker.

import { serve } from '../later/study-worker.js';

serve();
