#!/bin/sh
# The first time a server makes a database of its own, or a copy of the one that it follows.
set -eu
data=/var/lib/postgresql/data
mkdir -p $data && chown postgres $data && chmod 700 $data
if [ ! -s $data/PG_VERSION ]; then
  if [ -z "$UPSTREAM" ]; then
    gosu postgres initdb -D $data -A trust -U postgres -E UTF8 --locale=C --wal-segsize=1
    printf 'host all all all trust\nhost replication all all trust\n' >>$data/pg_hba.conf
    cat /settings.conf >>$data/postgresql.conf
    echo 'create table kv (k text primary key, v text)' | gosu postgres postgres --single -D $data postgres
  else
    until gosu postgres pg_basebackup -h toxiproxy -p "$UPSTREAM" -U postgres -D $data -X stream -c fast; do
      sleep 0.5
      rm -rf ${data:?}/*
    done
    echo "primary_conninfo = 'host=toxiproxy port=$UPSTREAM user=postgres application_name=$NODE'" >>$data/postgresql.auto.conf
    gosu postgres touch $data/standby.signal
  fi
fi
exec gosu postgres postgres -D $data
