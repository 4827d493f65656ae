// A playground that buttons of the page command.
import { useRef, useState } from 'react';
import Playground from './Playground.js';

const RUN = `cluster m + s1 s2
clients A
link m-s1 latency 200ms
link m-s2 latency 1500ms
link clients latency 50ms
at 0ms A write cart 1
`;

export default function Failover() {
  const playground = useRef(null);
  const [theme, setTheme] = useState('auto');
  return (
    <>
      <p>
        <button onClick={() => playground.current.command('crash m')}>Crash the master</button>{' '}
        <button onClick={() => playground.current.command('promote s1')}>Promote s1</button>{' '}
        <button onClick={() => setTheme(theme === 'dark' ? 'auto' : 'dark')}>Dark or not</button>
      </p>
      <Playground ref={playground} text={RUN} theme={theme}>
        <p>A cluster whose master crashes, for which JavaScript is needed.</p>
      </Playground>
    </>
  );
}
