// The library that draws curves, and its style: in a file of its own, fetched when somebody wants to see curves.

import uPlot from 'uplot';
import css from 'uplot/dist/uPlot.min.css';

export { uPlot, css };
