// Plays one contender once: node tests/bench/once.js NAME, with the size as JSON on standard input.
import { readFileSync } from 'node:fs';
import { inNode } from './places.js';

const play = await inNode();
console.log(JSON.stringify(play(process.argv[2], JSON.parse(readFileSync(0, 'utf8')))));
