// Does studies, checks, and the reading of pastes in a worker.

import { serve } from '../later/worker.js';

serve();
