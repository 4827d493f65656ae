// Does studies and checks in a worker.

import { serve } from '../later/worker.js';

serve();
