import type { MakeView } from '../view.js';
import { ExampleTable } from './example-table.js';

/** The examples alone: for tasks without a view of their own. */
export const examplesView: MakeView = ({ host }) => {
  const table = new ExampleTable();
  host.append(table.element);
  return {
    show: ({ examples }) => table.show(examples),
    dispose: () => undefined,
  };
};
