// The bench cluster in JavaScript as fast as it goes without WASM: no objects, all events in typed arrays.
import * as model from './model.js';

const PENDING_MAX = 1 << 16;

const READ = 0;
const WRITE = 1;
const AT_SLAVE = 2;
const AT_MASTER = 3;
const READ_ANSWER = 4;
const WRITE_ANSWER = 5;
const ENTRY = 6;
const ACKNOWLEDGEMENT = 7;

// A heap of times; each has the slot of its event beside it.
class Queue {
  length = 0;
  times = new Float64Array(PENDING_MAX);
  slots = new Uint16Array(PENDING_MAX);
  kind = new Uint8Array(PENDING_MAX);
  slave = new Int32Array(PENDING_MAX);
  key = new Int32Array(PENDING_MAX);
  version = new Int32Array(PENDING_MAX);
  free = Uint16Array.from({ length: PENDING_MAX }, (_, slot) => slot);

  push(at, kind, slave, key, version) {
    const { times, slots } = this;
    let place = this.length++;
    const slot = this.free[place];
    this.kind[slot] = kind;
    this.slave[slot] = slave;
    this.key[slot] = key;
    this.version[slot] = version;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (times[parent] <= at) break;
      times[place] = times[parent];
      slots[place] = slots[parent];
      place = parent;
    }
    times[place] = at;
    slots[place] = slot;
  }

  // Takes the first event out; its slot keeps it until the next push.
  pop() {
    const { times, slots } = this;
    const first = slots[0];
    const length = --this.length;
    this.free[length] = first;
    const [at, slot] = [times[length], slots[length]];
    let place = 0;
    for (let child = 1; child < length; child = 2 * place + 1) {
      if (child + 1 < length && times[child + 1] < times[child]) child++;
      if (times[child] >= at) break;
      times[place] = times[child];
      slots[place] = slots[child];
      place = child;
    }
    times[place] = at;
    slots[place] = slot;
    return first;
  }
}

export function play(size) {
  const cluster = new model.Model(size);
  const queue = new Queue();
  queue.push(model.gap(model.READ_GAP_MEAN), READ, 0, 0, 0);
  queue.push(model.gap(model.WRITE_GAP_MEAN), WRITE, 0, 0, 0);
  while (queue.times[0] <= cluster.end) {
    cluster.counts.events++;
    const at = queue.times[0];
    happen(cluster, queue, at, queue.pop());
  }
  return cluster.counts;
}

function happen(cluster, queue, at, slot) {
  const slave = queue.slave[slot];
  const key = queue.key[slot];
  switch (queue.kind[slot]) {
    case READ: {
      cluster.counts.reads++;
      const asked = model.below(cluster.slaves);
      queue.push(cluster.arrival(model.toSlave(asked), at), AT_SLAVE, asked, model.below(cluster.keys), 0);
      queue.push(at + model.gap(model.READ_GAP_MEAN), READ, 0, 0, 0);
      break;
    }
    case WRITE:
      cluster.counts.writes++;
      queue.push(cluster.arrival(model.TO_MASTER, at), AT_MASTER, 0, model.below(cluster.keys), 0);
      queue.push(at + model.gap(model.WRITE_GAP_MEAN), WRITE, 0, 0, 0);
      break;
    case AT_SLAVE:
      queue.push(cluster.arrival(model.fromSlave(slave), at), READ_ANSWER, slave, key, cluster.lookUp(slave, key));
      break;
    case AT_MASTER: {
      const written = cluster.write(key);
      queue.push(cluster.arrival(model.FROM_MASTER, at), WRITE_ANSWER, 0, 0, 0);
      for (let to = 0; to < cluster.slaves; to++) {
        queue.push(cluster.arrival(model.entries(to), at), ENTRY, to, key, written);
      }
      break;
    }
    case ENTRY:
      cluster.apply(slave, key, queue.version[slot]);
      queue.push(cluster.arrival(model.acknowledgements(slave), at), ACKNOWLEDGEMENT, slave, 0, 0);
      break;
    case READ_ANSWER:
      cluster.answered(key, queue.version[slot]);
  }
}
