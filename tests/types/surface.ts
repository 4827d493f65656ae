// The types of the package, as a page in TypeScript uses them: tsc passes over it, nothing is run.
import { ReplicationPlayground, type Anomaly, type State } from '../../www/replication-playground.js';

const made = document.createElement('replication-playground');
const found: ReplicationPlayground | null = document.querySelector('replication-playground');
const element: HTMLElement = made;
document.body.append(element, new ReplicationPlayground());

made.layout = 'compact';
made.vocabulary = 'primary';
made.link = true;
// @ts-expect-error there is no such layout
made.layout = 'huge';
// @ts-expect-error it can only be read
made.hash = '0123456789abcdef';

made.addEventListener('anomaly', (event) => {
  const anomaly: Anomaly = event.detail;
  if (anomaly.kind === 'stale') void made.seek(anomaly.atUs);
});
made.addEventListener('error', ({ detail }) => detail.message);
made.addEventListener('task', function ({ detail }) {
  this.title = `${detail.index} ${detail.words}`;
});
made.addEventListener('click', (event) => event.clientX);
made.addEventListener('something-else', (event) => event.type);
// @ts-expect-error the end of a lesson has a title only
made.addEventListener('finished', ({ detail }) => detail.index);

export async function play(): Promise<State | undefined> {
  const { text } = await made.ready;
  await found?.run(text);
  await found?.command('A write cart 1');
  const charts = await made.measured(0, 1_000_000);
  return charts && charts.atS.length > 0 ? made.state : undefined;
}

const attributes: JSX.IntrinsicElements['replication-playground'] = { lesson: '02-the-stale-read', theme: 'dark' };
export default attributes;
