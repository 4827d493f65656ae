// A playground that tells the page around it what goes on.
import { useState } from 'react';
import Playground from './Playground.js';

const LESSON = `lesson A write and a read
cluster m + s1 s2
clients A
link nodes latency 800ms
link clients latency 50ms

step Write
task Write anything.
  when write

step Read
task Read it from a slave.
  when read
`;

export default function Counted() {
  const [ready, setReady] = useState(false);
  const [tasks, setTasks] = useState(0);
  return (
    <>
      <p role="status">
        {ready ? 'The cluster is running.' : 'The cluster is not running yet.'} Tasks done: {tasks} of 2.
      </p>
      <Playground
        text={LESSON}
        layout="compact"
        onready={() => setReady(true)}
        ontask={() => setTasks((done) => done + 1)}
      >
        <p>A small lesson, for which JavaScript is needed.</p>
      </Playground>
    </>
  );
}
