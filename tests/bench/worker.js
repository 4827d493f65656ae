// One contender in a Node of its own: a message is a size to play, the answer what it took and what it counted.
import { readFile } from 'node:fs/promises';
import { modules, root } from './build.js';
import { load } from './contenders.js';

const contender = await load(process.argv[2], (name) => readFile(`${root}${modules}/${name}`));

function play(size) {
  contender.prepare(size);
  const begun = performance.now();
  const before = process.cpuUsage();
  contender.play(size);
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - begun) / 1e3, cpu: (user + system) / 1e6, ...contender.count() };
}

process.on('message', (size) => {
  try {
    process.send(play(size));
  } catch (error) {
    process.send({ error: String(error) });
  }
});
