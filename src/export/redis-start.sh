#!/bin/sh
# The configuration is the server's own after the first start: it comes back in the role that it had.
set -eu
if [ ! -s /data/redis.conf ]; then
  cat /settings.conf >/data/redis.conf
  [ -z "$UPSTREAM" ] || echo "replicaof toxiproxy $UPSTREAM" >>/data/redis.conf
fi
exec redis-server /data/redis.conf
