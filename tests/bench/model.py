"""The bench cluster on SimPy: a process for each node, each stream of requests and each message on its way.

model.py SLAVES SECONDS KEYS prints what it counted, and how long it took.
"""

import json
import random
import sys
import time

import simpy

LATENCY_MS = (5, 15)
READS_PER_MS = 4
WRITES_PER_MS = 1


class Link:
    """Delays messages, and never lets one overtake another."""

    def __init__(self, env, target):
        self.env, self.target, self.last = env, target, 0

    def send(self, message):
        self.last = max(self.last, self.env.now + random.uniform(*LATENCY_MS))
        self.env.process(self.deliver(self.last - self.env.now, message))

    def deliver(self, delay, message):
        yield self.env.timeout(delay)
        self.target.put(message)


class Cluster:
    def __init__(self, env, slaves, keys):
        self.env, self.keys = env, keys
        self.events = self.reads = self.writes = self.stale = self.behind = 0
        self.versions = [0] * keys
        inbox, answers = simpy.Store(env), simpy.Store(env)
        self.to_master, self.from_master = Link(env, inbox), Link(env, answers)
        self.slaves = [Slave(self, inbox, answers) for _ in range(slaves)]
        for process in (self.read, self.write):
            env.process(process())
        env.process(self.master(inbox))
        env.process(self.clients(answers))

    def read(self):
        while True:
            yield self.env.timeout(random.expovariate(READS_PER_MS))
            self.events += 1
            self.reads += 1
            random.choice(self.slaves).requests.send(("read", random.randrange(self.keys), 0))

    def write(self):
        while True:
            yield self.env.timeout(random.expovariate(WRITES_PER_MS))
            self.events += 1
            self.writes += 1
            self.to_master.send(("write", random.randrange(self.keys)))

    def master(self, inbox):
        while True:
            kind, key = yield inbox.get()
            self.events += 1
            if kind == "write":
                self.versions[key] += 1
                self.from_master.send(("written", key, self.versions[key]))
                for slave in self.slaves:
                    slave.entries.send(("entry", key, self.versions[key]))

    def clients(self, answers):
        while True:
            kind, key, version = yield answers.get()
            self.events += 1
            if kind == "found" and version < self.versions[key]:
                self.behind += 1


class Slave:
    def __init__(self, cluster, master, clients):
        env = cluster.env
        self.cluster, self.versions = cluster, [0] * cluster.keys
        self.inbox = simpy.Store(env)
        self.requests, self.entries = Link(env, self.inbox), Link(env, self.inbox)
        self.answers, self.acknowledgements = Link(env, clients), Link(env, master)
        env.process(self.run())

    def run(self):
        while True:
            kind, key, version = yield self.inbox.get()
            self.cluster.events += 1
            if kind == "entry":
                self.versions[key] = version
                self.acknowledgements.send(("applied", key))
            else:
                self.cluster.stale += self.versions[key] < self.cluster.versions[key]
                self.answers.send(("found", key, self.versions[key]))


def main():
    slaves, seconds, keys = map(int, sys.argv[1:])
    random.seed(1)
    env = simpy.Environment()
    cluster = Cluster(env, slaves, keys)
    begun, worked = time.perf_counter(), time.process_time()
    env.run(until=seconds * 1000)
    taken = {"wall": time.perf_counter() - begun, "cpu": time.process_time() - worked}
    counts = {name: getattr(cluster, name) for name in ("events", "reads", "writes", "stale", "behind")}
    print(json.dumps({**taken, **counts}))


main()
