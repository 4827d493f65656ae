// The events of plain JavaScript: an object each, in a binary heap by the time `at`.
export class Heap {
  events = [];

  push(event) {
    const { events } = this;
    const { at } = event;
    let place = events.length;
    events.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (events[parent].at <= at) break;
      events[place] = events[parent];
      place = parent;
    }
    events[place] = event;
  }

  pop() {
    const { events } = this;
    const first = events[0];
    const event = events.pop();
    if (events.length > 0) this.sink(event);
    return first;
  }

  sink(event) {
    const { events } = this;
    const { length } = events;
    let place = 0;
    for (let child = 1; child < length; child = 2 * place + 1) {
      if (child + 1 < length && events[child + 1].at < events[child].at) child++;
      if (events[child].at >= event.at) break;
      events[place] = events[child];
      place = child;
    }
    events[place] = event;
  }
}
