// What the classic script begins with: it exports nothing, and leaves no name in the page.

import './inline.js';
