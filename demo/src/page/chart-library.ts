import 'uplot/dist/uPlot.min.css';

// The chart library and its styles are loaded together, when a chart comes near the window.
export { default as uPlot } from 'uplot';
