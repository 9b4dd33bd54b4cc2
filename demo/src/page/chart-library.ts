import 'uplot/dist/uPlot.min.css';

// What draws charts and what they look like come together, when somebody comes near a chart.
export { default as uPlot } from 'uplot';
