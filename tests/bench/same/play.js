// The same work as the engine does, on the loop of plain JavaScript: an object for each event, in a binary heap.
import { Heap } from '../heap.js';
import * as model from '../model.js';
import { Cluster } from './cluster.js';
import { ObjectFacts, TypedFacts } from './facts.js';

const READ = 0;
const WRITE = 1;
const AT_SLAVE = 2;
const AT_MASTER = 3;
const READ_ANSWER = 4;
const WRITE_ANSWER = 5;
const ENTRY = 6;
const ACKNOWLEDGEMENT = 7;

class Queue extends Heap {
  /** All events are of one shape, whatever they carry: the engines of JavaScript want it so. */
  add(at, kind, slave = 0, key = 0, number = 0, value = 0, entry = null) {
    this.push({ at, kind, slave, key, number, value, entry });
  }
}

/** Plays with the facts in typed arrays. What comes out is to be looked at by audit. */
export const playTyped = (size) => play(size, new TypedFacts());

/** Plays with an object for each fact. */
export const playObjects = (size) => play(size, new ObjectFacts());

function play(size, keeper) {
  const cluster = new Cluster(size, keeper);
  const queue = new Queue();
  queue.add(model.gap(model.READ_GAP_MEAN), READ);
  queue.add(model.gap(model.WRITE_GAP_MEAN), WRITE);
  for (let event = queue.pop(); event.at <= cluster.model.end; event = queue.pop()) {
    cluster.begin(event.at);
    happen(cluster, cluster.model, queue, event);
  }
  return cluster;
}

function happen(cluster, links, queue, { at, kind, slave, key, number, value, entry }) {
  switch (kind) {
    case READ: {
      const asked = model.below(links.slaves);
      const wanted = model.below(links.keys);
      const request = cluster.askRead(at, asked, wanted);
      queue.add(links.arrival(model.toSlave(asked), at), AT_SLAVE, asked, wanted, request);
      queue.add(at + model.gap(model.READ_GAP_MEAN), READ);
      break;
    }
    case WRITE: {
      const wanted = model.below(links.keys);
      const request = cluster.askWrite(at, wanted);
      queue.add(links.arrival(model.TO_MASTER, at), AT_MASTER, 0, wanted, request);
      queue.add(at + model.gap(model.WRITE_GAP_MEAN), WRITE);
      break;
    }
    case AT_SLAVE: {
      const found = cluster.serve(at, slave, key, number);
      queue.add(links.arrival(model.fromSlave(slave), at), READ_ANSWER, slave, key, number, found);
      break;
    }
    case AT_MASTER: {
      const logged = cluster.log(at, key, number);
      queue.add(links.arrival(model.FROM_MASTER, at), WRITE_ANSWER, 0, key, number);
      for (let to = 0; to < links.slaves; to++) {
        queue.add(links.arrival(model.entries(to), at), ENTRY, to, key, 0, 0, logged);
      }
      break;
    }
    case ENTRY: {
      cluster.receive(at, slave, entry);
      const { log, flushed, applied } = cluster.nodes[slave + 1];
      const arrives = links.arrival(model.acknowledgements(slave), at);
      // Three positions, where other events have a key, a request and a value.
      queue.add(arrives, ACKNOWLEDGEMENT, slave, log.length, flushed, applied);
      break;
    }
    case READ_ANSWER:
      cluster.answerRead(at, number, value);
      break;
    case WRITE_ANSWER:
      cluster.answerWrite(at, number);
      break;
    case ACKNOWLEDGEMENT:
      cluster.acknowledge(at, slave, key, number, value);
  }
}
