// The bench cluster in plain JavaScript: an object for each event, in a binary heap.
import { Heap } from './heap.js';
import * as model from './model.js';

const READ = 0;
const WRITE = 1;
const AT_SLAVE = 2;
const AT_MASTER = 3;
const READ_ANSWER = 4;
const WRITE_ANSWER = 5;
const ENTRY = 6;
const ACKNOWLEDGEMENT = 7;

class Queue extends Heap {
  add(at, kind, slave = 0, key = 0, version = 0) {
    this.push({ at, kind, slave, key, version });
  }
}

export function play(size) {
  const cluster = new model.Model(size);
  const queue = new Queue();
  queue.add(model.gap(model.READ_GAP_MEAN), READ);
  queue.add(model.gap(model.WRITE_GAP_MEAN), WRITE);
  for (let event = queue.pop(); event.at <= cluster.end; event = queue.pop()) {
    cluster.counts.events++;
    happen(cluster, queue, event);
  }
  return cluster.counts;
}

function happen(cluster, queue, { at, kind, slave, key, version }) {
  switch (kind) {
    case READ: {
      cluster.counts.reads++;
      const asked = model.below(cluster.slaves);
      queue.add(cluster.arrival(model.toSlave(asked), at), AT_SLAVE, asked, model.below(cluster.keys));
      queue.add(at + model.gap(model.READ_GAP_MEAN), READ);
      break;
    }
    case WRITE:
      cluster.counts.writes++;
      queue.add(cluster.arrival(model.TO_MASTER, at), AT_MASTER, 0, model.below(cluster.keys));
      queue.add(at + model.gap(model.WRITE_GAP_MEAN), WRITE);
      break;
    case AT_SLAVE:
      queue.add(cluster.arrival(model.fromSlave(slave), at), READ_ANSWER, slave, key, cluster.lookUp(slave, key));
      break;
    case AT_MASTER: {
      const written = cluster.write(key);
      queue.add(cluster.arrival(model.FROM_MASTER, at), WRITE_ANSWER);
      for (let to = 0; to < cluster.slaves; to++) {
        queue.add(cluster.arrival(model.entries(to), at), ENTRY, to, key, written);
      }
      break;
    }
    case ENTRY:
      cluster.apply(slave, key, version);
      queue.add(cluster.arrival(model.acknowledgements(slave), at), ACKNOWLEDGEMENT);
      break;
    case READ_ANSWER:
      cluster.answered(key, version);
  }
}
