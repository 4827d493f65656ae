# sql NODE TEXT: what is read, or ok.
sql() {
  printf '%s\n' "$2" | docker compose exec -T "$1" timeout "$patience" psql -qAtX -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate -U postgres 2>&1
}
text() { printf "convert_from(decode('%s', 'hex'), 'UTF8')" "$(hex "$1")"; }
or_ok() { said=$(cat) && printf '%s\n' "${said:-ok}"; }
write() {
  sql "$1" "${4:+set synchronous_commit = local;}
    insert into kv values ($(text "$2"), $(text "$3")) on conflict (k) do update set v = excluded.v" | or_ok
}
read_() { sql "$1" "select v from kv where k = $(text "$2")" | sed -n '1p;$!d' | { said=$(cat) && printf '%s\n' "${said:-nothing}"; }; }
delete() { sql "$1" "delete from kv where k = $(text "$2")" | or_ok; }
cancel() { sql "$1" "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' order by query_start limit 1"; }
state() { sql "$1" "select case when pg_is_in_recovery() then 'role=slave' else 'role=master' end"; }
promote() { sql "$1" 'select pg_promote(true, 20)'; }
conninfo() { printf 'host=toxiproxy port=%s user=postgres application_name=%s' "$2" "$1"; }
# follow NODE UPSTREAM PORT: a slave is told; a master, or what is down, is made a standby.
follow() {
  if [ "$(sql "$1" 'select pg_is_in_recovery()')" = t ]; then
    sql "$1" "alter system set primary_conninfo = '$(conninfo "$1" "$3")'" && sql "$1" 'select pg_reload_conf()'
    return
  fi
  running=$(docker compose ps --status running --services | grep -cx "$1")
  [ "$running" -eq 0 ] || stop "$1"
  offline "$1" "echo \"primary_conninfo = '$(conninfo "$1" "$3")'\" >>\$data/postgresql.auto.conf && touch \$data/standby.signal"
  [ "$running" -eq 0 ] || start "$1"
}
# offline NODE SCRIPT: does something to the data of a server that is down.
offline() { docker compose run --rm --no-deps -T --user postgres --entrypoint sh "$1" -c "data=/var/lib/postgresql/data; $2"; }
pause_apply() { sql "$1" 'select pg_wal_replay_pause()'; }
resume_apply() { sql "$1" 'select pg_wal_replay_resume()'; }
setting() { sql "$1" "alter system set $2 = '$3'" && sql "$1" 'select pg_reload_conf()'; }
delay() { setting "$1" recovery_min_apply_delay "$2ms"; }
read_only() { setting "$1" default_transaction_read_only "$2"; }
trim_log() { for _ in 1 2 3; do sql "$1" 'select pg_switch_wal()' && sql "$1" checkpoint; done; }
sync_slaves() { for node in $nodes; do setting "$node" synchronous_standby_names "$1"; done; }
ready() {
  for node in $nodes; do until sql "$node" 'select 1' | grep -qx 1; do sleep 0.2; done; done
  for node in $slaves; do
    until sql "$node" "select status from pg_stat_wal_receiver" | grep -qx streaming; do sleep 0.2; done
  done
}
